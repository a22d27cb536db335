import { pino } from 'pino';
import type { Logger } from '../../src/log/logger.js';

export function silentLog(): Logger {
  return pino({ level: 'silent' });
}

/** A logger and the lines that were written to it, as objects. */
export function recordedLog(): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const log = pino(
    { level: 'trace', base: {} },
    { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, lines };
}
