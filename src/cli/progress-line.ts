const LONGEST_BAR = 24;
const SHORTEST_BAR = 6;
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
      const line = (drawn: string): string => `${label}  ${drawn}${percent}  ${details}`;
      if (!isLive) return void stream.write(`${line('')}\n`);
      // The bar gives way to the words: the time that is left is at the end of them.
      const columns = (stream.columns ?? 80) - 1;
      const cells = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, columns - line(' ').length));
      stream.write(`\r\x1b[2K${line(`${bar(share, cells)} `).slice(0, columns)}`);
    },
    clear() {
      if (isLive) stream.write('\r\x1b[2K');
      lastMs = -Infinity;
    },
  };
}

function bar(share: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * cells);
  return '█'.repeat(full) + '░'.repeat(cells - full);
}
