import { readableOutput } from '../../readable-output.js';

/** What a program wrote, whatever it wrote: its beginning and its end as text, the rest counted. */
export class KeptOutput {
  #head = '';
  #tail = '';
  #leftOut = 0;
  readonly #half: number;
  readonly #secrets: readonly string[];

  /**
   * @param maxCharacters half of them are kept of the beginning, half of the end
   * @param secrets words that are not to be shown
   */
  constructor(maxCharacters: number, secrets: readonly string[] = []) {
    this.#half = Math.ceil(maxCharacters / 2);
    this.#secrets = secrets;
  }

  push(text: string): void {
    const room = this.#half - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += text.slice(room);
    if (this.#tail.length <= this.#half) return;
    this.#leftOut += this.#tail.length - this.#half;
    this.#tail = this.#tail.slice(-this.#half);
  }

  /** As it may be shown: no colours, no bells, of a line that was written over and over the last. */
  shown(leftOut: (characters: number) => string): string {
    const shown = (text: string): string => readableOutput(this.#withoutSecrets(text));
    if (this.#leftOut === 0) return shown(this.#head + this.#tail);
    return `${shown(this.#head)}\n${leftOut(this.#leftOut)}\n${shown(this.#tail)}`;
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '•••'), text);
  }
}
