import { destination, pino, type DestinationStream } from 'pino';
import { build as buildPretty } from 'pino-pretty';
import type { Logger } from './logger.js';
import { redaction } from './redaction.js';
import { serializeError } from './serialize-error.js';

export interface LoggerOptions {
  level: string;
  /** `json` counts only where `stream` is no terminal. */
  format: 'pretty' | 'json';
  stream: NodeJS.WritableStream & { isTTY?: boolean };
}

/**
 * The root logger. Lines are written at once, not from a worker: the last line before a crash is the one that matters.
 * Secrets and message texts are replaced by path at every level (see `redaction`).
 */
export function createLogger({ level, format, stream }: LoggerOptions): Logger {
  const terminal = stream.isTTY === true;
  const target: DestinationStream =
    format === 'json' && !terminal
      ? stream === process.stdout
        ? destination({ dest: 1, sync: true })
        : stream
      : buildPretty({
          destination: stream === process.stdout ? 1 : stream,
          sync: true,
          colorize: terminal,
          translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
          ignore: 'pid,hostname,account,chat,job',
          messageFormat: '{if account}[{account}] {end}{if chat}{chat} {end}{if job}#{job} {end}{msg}',
          singleLine: true,
        });
  return pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
      redact: redaction,
    },
    target,
  );
}
