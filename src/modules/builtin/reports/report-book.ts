import type { LogLine } from '../../../log/log-line.js';

/** The same line of the log, so many times. */
export interface ReportedLine {
  line: LogLine;
  count: number;
}

const MAX_LINES = 50;

/**
 * What is to be reported: the same line is one, with its count; lines that differ in numbers only are the same. Beyond
 * fifty of them the rest is only counted. The first after a quiet time is due at once, whatever follows it a digest later.
 */
export class ReportBook {
  readonly #lines = new Map<string, ReportedLine>();
  #beyond = 0;
  #nextAtMs = 0;

  add(line: LogLine): void {
    const key = keyOf(line);
    const known = this.#lines.get(key);
    if (known !== undefined) this.#lines.set(key, { line, count: known.count + 1 });
    else if (this.#lines.size < MAX_LINES) this.#lines.set(key, { line, count: 1 });
    else this.#beyond += 1;
  }

  isDue(nowMs: number): boolean {
    return this.#lines.size > 0 && nowMs >= this.#nextAtMs;
  }

  /** As it is now; `sent` strikes it out. */
  pages(): { lines: readonly ReportedLine[]; beyond: number } {
    return { lines: [...this.#lines.values()], beyond: this.#beyond };
  }

  /** No digest before this time: it was sent, or could not be. */
  waitUntil(ms: number): void {
    this.#nextAtMs = ms;
  }

  /** Takes out what was reported; what came meanwhile stays. */
  strike({ lines, beyond }: ReturnType<ReportBook['pages']>): void {
    for (const { line, count } of lines) {
      const key = keyOf(line);
      const now = this.#lines.get(key);
      if (now === undefined) continue;
      if (now.count <= count) this.#lines.delete(key);
      else this.#lines.set(key, { ...now, count: now.count - count });
    }
    // They may have been muted while it was on its way.
    this.#beyond = Math.max(0, this.#beyond - beyond);
  }

  forget(): void {
    this.#lines.clear();
    this.#beyond = 0;
  }
}

function keyOf({ level, text }: LogLine): string {
  return `${level} ${text.replace(/\d+/g, '#')}`;
}
