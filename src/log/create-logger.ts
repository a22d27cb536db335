import { destination, pino, type DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { printable } from '../printable.js';
import type { LogLines } from './log-lines.js';
import type { Logger } from './logger.js';
import { redaction } from './redaction.js';
import { serializeError, type SerializedError } from './serialize-error.js';

export interface LoggerOptions {
  level: string;
  /** `json` counts only where `stream` is no terminal. */
  format: 'pretty' | 'json';
  stream: NodeJS.WritableStream & { isTTY?: boolean };
  /** Gets each line as well, as JSON. */
  lines?: LogLines;
}

/**
 * The root logger. Lines are written at once, not from a worker: the last line before a crash is the one that matters.
 * Secrets and message texts are replaced by path at every level (see `redaction`). A line is one line, and what a
 * terminal would obey is written out: names, error texts and what ffmpeg says of a file are strangers' words.
 */
export function createLogger({ level, format, stream, lines }: LoggerOptions): Logger {
  const terminal = stream.isTTY === true;
  const sink: DestinationStream = stream === process.stdout ? destination({ dest: 1, sync: true }) : stream;
  const written = format === 'json' && !terminal ? escaped(sink) : readable(sink, { colorize: terminal, isTold: !/^(debug|trace)$/.test(level) });
  return pino(
    {
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: serializeError },
      redact: redaction,
    },
    lines === undefined ? written : tapped(written, lines),
  );
}

/** First where it is to be written, then to who listens. */
function tapped(sink: DestinationStream, lines: LogLines): DestinationStream {
  return {
    write: (line) => {
      sink.write(line);
      lines.add(line);
    },
  };
}

/** JSON writes the old control characters out by itself; the others mean the same when they are written out. */
function escaped(sink: DestinationStream): DestinationStream {
  return { write: (line) => sink.write(line.replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, printable)) };
}

/** Mistakes of ours: without their stack nobody finds them. */
const MISTAKE = /^(Type|Reference|Range|Syntax)Error$/;

/** `isTold`: an error that the message tells of already is not told again, unless its stack matters. */
function readable(sink: DestinationStream, { colorize, isTold }: { colorize: boolean; isTold: boolean }): DestinationStream {
  const pretty = prettyFactory({
    colorize,
    translateTime: 'SYS:yyyy-mm-dd HH:MM:ss',
    ignore: 'pid,hostname,account,chat,job',
    messageFormat: '{if account}[{account}] {end}{if chat}{chat} {end}{if job}#{job} {end}{msg}',
    singleLine: true,
  });
  return {
    write: (line) => {
      const entry = JSON.parse(line, shown) as Entry;
      if (isTold && tells(entry)) delete entry.err;
      sink.write(pretty(entry));
    },
  };
}

interface Entry {
  level: string;
  msg?: string;
  err?: Partial<SerializedError>;
}

function tells({ level, msg, err }: Entry): boolean {
  const isForeseen = level === 'warn' && !MISTAKE.test(err?.type ?? '');
  if (msg === undefined || (err?.stack !== undefined && !isForeseen)) return false;
  return [err?.message, err?.code].some((part) => part !== undefined && part !== '' && msg.includes(String(part)));
}

/** A field of a line as it may be shown; a stack keeps its lines. */
function shown(key: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return key === 'stack' ? value.split('\n').map(printable).join('\n') : printable(value);
}
