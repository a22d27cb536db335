import { storedLine, type LogLevel, type LogLine } from './log-line.js';

const MAX_LINES = 2000;
const MAX_CHARS = 1_000_000;

/** The newest lines of the log, kept in memory, redacted as they were written; and a place to hear of each as it is written. */
export class LogLines {
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  #chars = 0;

  /** One line as JSON, as the logger wrote it. */
  add(json: string): void {
    this.#lines.push(json);
    this.#chars += json.length;
    while (this.#lines.length > MAX_LINES || this.#chars > MAX_CHARS) this.#chars -= this.#lines.shift()?.length ?? 0;
    for (const listener of this.#listeners) listener(json);
  }

  /** The newest that are at least of this level, the oldest of them first. */
  newest(level: LogLevel, count = MAX_LINES): LogLine[] {
    const found: LogLine[] = [];
    for (let at = this.#lines.length - 1; at >= 0 && found.length < count; at -= 1) {
      const line = storedLine(this.#lines[at] ?? '', level);
      if (line !== undefined) found.push(line);
    }
    return found.reverse();
  }

  /** Tells of each line that is at least of this level, while it is being written; `tell` may not throw. What is returned ends it. */
  watch(level: LogLevel, tell: (line: LogLine) => void): () => void {
    const listener = (json: string): void => {
      const line = storedLine(json, level);
      if (line !== undefined) tell(line);
    };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
