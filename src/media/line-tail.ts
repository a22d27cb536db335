const MAX_LINE_CHARS = 500;

/** Keeps the last lines of what a child process writes, whatever it writes: bounded in lines and in their length. */
export class LineTail {
  private readonly lines: string[] = [];
  private rest = '';

  constructor(
    private readonly maxLines = 12,
    private readonly shownLineChars = MAX_LINE_CHARS,
  ) {}

  /** Takes the next piece of output; answers the lines that it completed, without empty ones. */
  push(chunk: string): string[] {
    const pieces = (this.rest + chunk).split(/[\r\n]+/);
    this.rest = (pieces.pop() ?? '').slice(-MAX_LINE_CHARS);
    const complete = pieces.map((line) => line.slice(0, MAX_LINE_CHARS).trimEnd()).filter((line) => line !== '');
    this.lines.push(...complete.slice(-this.maxLines));
    this.lines.splice(0, Math.max(0, this.lines.length - this.maxLines));
    return complete;
  }

  /** The kept lines and the unfinished one, on one line, for an error message. */
  text(): string {
    const lines = [...this.lines, this.rest.trim()].filter((line) => line !== '');
    return lines.map((line) => line.slice(0, this.shownLineChars)).join(' | ');
  }
}
