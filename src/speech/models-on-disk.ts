import { readdir } from 'node:fs/promises';
import { isModelName } from './model-path.js';

/** Names of the speech models in a folder (`ggml-NAME.bin`), sorted; detectors of speech are not among them. */
export async function modelsOnDisk(folder: string): Promise<string[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return files
    .flatMap((file) => /^ggml-(.+)\.bin$/.exec(file)?.[1] ?? [])
    .filter((name) => isModelName(name) && !name.startsWith('silero'))
    .sort();
}
