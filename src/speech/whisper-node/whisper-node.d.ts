/** The part of the npm package `whisper-node` 1.1.1 that is used; it is no dependency, so its own types are not here. */
export interface WhisperNode {
  whisper(
    filePath: string,
    options: {
      modelPath: string;
      whisperOptions: { language: string; gen_file_vtt: boolean };
      shellOptions: { silent: boolean; async: boolean };
    },
  ): Promise<unknown>;
}
