const BAR_CELLS = 24;
const REDRAW_MS = 100;
const QUIET_LINE_MS = 10_000;

/** One line that tells how far something is. */
export interface ProgressLine {
  /** @param share of it that is done, 0-1 */
  show(label: string, share: number, details: string): void;
  /** Makes room for the next line. */
  clear(): void;
}

interface TerminalStream {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Redrawn in place on a terminal; elsewhere a line now and then. */
export function createProgressLine(stream: TerminalStream, nowMs: () => number = () => performance.now()): ProgressLine {
  const isLive = stream.isTTY === true;
  let lastMs = -Infinity;
  return {
    show(label, share, details) {
      if (nowMs() - lastMs < (isLive ? REDRAW_MS : QUIET_LINE_MS)) return;
      lastMs = nowMs();
      const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
      if (!isLive) stream.write(`${label}  ${percent}  ${details}\n`);
      else stream.write(`\r\x1b[2K${`${label}  ${bar(share)} ${percent}  ${details}`.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear() {
      if (isLive) stream.write('\r\x1b[2K');
      lastMs = -Infinity;
    },
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}
