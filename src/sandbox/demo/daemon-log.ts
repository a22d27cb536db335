import type { Texts } from '../../i18n/texts.js';
import { modelState } from './model-state.js';
import type { LogLine, PageState } from './wire.js';

const KEPT_LINES = 400;
/** Shown in columns of their own. */
const PLAIN = new Set(['time', 'level', 'msg']);

/** The daemon's log as it comes, line by line, and what can be read off it about the daemon's state. */
export class DaemonLog {
  readonly lines: LogLine[] = [];
  private count = 0;
  private readonly listeners = new Set<(line: LogLine, change: Partial<PageState> | undefined) => void>();

  /** @param texts of the language that the daemon was started in. */
  constructor(private readonly texts: Texts['lifecycle']) {}

  /** Hears of every line. @returns the function that ends the listening. */
  listen(listener: (line: LogLine, change: Partial<PageState> | undefined) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  take(raw: string): void {
    if (raw.trim() === '') return;
    const entry = parse(raw);
    this.count += 1;
    const line: LogLine = {
      id: this.count,
      timeMs: typeof entry.time === 'string' ? Date.parse(entry.time) : Date.now(),
      level: textOf(entry.level ?? 'info'),
      message: textOf(entry.msg ?? ''),
      fields: Object.entries(entry).flatMap(([name, value]) => (PLAIN.has(name) ? [] : [[name, shown(value)] as [string, string]])),
    };
    this.lines.push(line);
    if (this.lines.length > KEPT_LINES) this.lines.shift();
    const change = this.changeIn(line, entry);
    for (const listener of [...this.listeners]) listener(line, change);
  }

  private changeIn({ message }: LogLine, entry: Record<string, unknown>): Partial<PageState> | undefined {
    if (message === this.texts.connecting) return { daemon: 'connecting' };
    if (message === this.texts.connected) return { daemon: 'connected' };
    if (typeof entry.delayMs === 'number' && entry.job === undefined) return { daemon: 'waiting' };
    const { audioMs, transcribe, sinceArrivalMs, from, to } = entry;
    if (typeof audioMs === 'number' && typeof transcribe === 'number' && typeof sinceArrivalMs === 'number') {
      return { lastVoice: { audioMs, transcribeMs: transcribe, sinceArrivalMs } };
    }
    // The engine names the model that it had and the one that it has now.
    if (typeof from === 'string' && typeof to === 'string') return modelState(to);
    return undefined;
  }
}

/** What is no JSON is shown as it is: Node's own warnings, a stack trace. */
function parse(raw: string): Record<string, unknown> {
  try {
    const entry: unknown = JSON.parse(raw);
    if (typeof entry === 'object' && entry !== null) return { ...entry };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { level: 'warn', msg: raw };
}

/** An error in one line; its stack is for the terminal. */
function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'message' in value) return textOf(value.message);
  return textOf(value);
}

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
