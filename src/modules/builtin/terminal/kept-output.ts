import { stripVTControlCharacters } from 'node:util';

/** What a program wrote, whatever it wrote: its beginning and its end as text, the rest counted. */
export class KeptOutput {
  #head = '';
  #tail = '';
  #leftOut = 0;
  readonly #half: number;

  /** @param maxCharacters half of them are kept of the beginning, half of the end */
  constructor(maxCharacters: number) {
    this.#half = Math.ceil(maxCharacters / 2);
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
    if (this.#leftOut === 0) return readable(this.#head + this.#tail);
    return `${readable(this.#head)}\n${leftOut(this.#leftOut)}\n${readable(this.#tail)}`;
  }
}

/** Controls but tab and line end, and what turns the reading direction. */
const UNREADABLE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function readable(text: string): string {
  const lines = stripVTControlCharacters(text)
    .split(/\r?\n/)
    .map((line) => line.replace(/\r+$/, '').replace(/^.*\r/s, ''));
  return lines.join('\n').replace(UNREADABLE, '\ufffd').trimEnd();
}
