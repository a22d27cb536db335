import { readableOutput } from '../../readable-output.js';

const IN_PLACE_OF_SECRET = '•••';
/** So few characters of a secret tell nothing of it, and stand in many other words. */
const TELLS_NOTHING = 6;

/** What a program wrote, whatever it wrote: its beginning and its end as text, the rest counted. */
export class KeptOutput {
  #head = '';
  #tail = '';
  #leftOut = 0;
  /** The end of what came last, where a secret begins with it. */
  #begun = '';
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
    // Before anything is left out: of a secret that is cut in two the halves would be shown.
    const clean = this.#withoutSecrets(this.#begun + text);
    const whole = clean.length - this.#lengthOfBegun(clean);
    this.#begun = clean.slice(whole);
    this.#keep(clean.slice(0, whole));
  }

  #keep(text: string): void {
    const room = this.#half - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += text.slice(room);
    if (this.#tail.length <= this.#half) return;
    this.#leftOut += this.#tail.length - this.#half;
    this.#tail = this.#tail.slice(-this.#half);
  }

  /** As it may be shown: no colours, no bells, of a line that was written over and over the last. */
  shown(leftOut: (characters: number) => string): string {
    const tail = this.#tail + (this.#begun.length < TELLS_NOTHING ? this.#begun : IN_PLACE_OF_SECRET);
    if (this.#leftOut === 0) return readableOutput(this.#head + tail);
    return `${readableOutput(this.#head)}\n${leftOut(this.#leftOut)}\n${readableOutput(tail)}`;
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, IN_PLACE_OF_SECRET), text);
  }

  /** How many characters at the end a secret begins with. */
  #lengthOfBegun(text: string): number {
    const lengths = this.#secrets.map((secret) => {
      let length = Math.min(secret.length - 1, text.length);
      while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
      return length;
    });
    return Math.max(0, ...lengths);
  }
}
