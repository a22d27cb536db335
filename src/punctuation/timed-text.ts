/** A piece of speech as text, with its place in the audio. */
export interface TimedText {
  startMs: number;
  endMs: number;
  text: string;
}
