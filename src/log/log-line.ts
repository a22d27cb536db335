import { z } from 'zod';

/** Ascending. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;

export type LogLevel = (typeof logLevels)[number];

/** A line of the log, read back. */
export interface LogLine {
  level: LogLevel;
  atMs: number;
  text: string;
  /** The error that it tells of, in one line with its causes; undefined where the text tells of it already. */
  error?: string;
  /** Everything else that was written with it. */
  fields: Readonly<Record<string, unknown>>;
}

const errorSchema = z.object({ message: z.string().catch(''), code: z.union([z.string(), z.number()]).optional(), cause: z.unknown().optional() });

const lineSchema = z.looseObject({
  level: z.enum(logLevels),
  time: z.iso.datetime(),
  msg: z.string().catch(''),
  err: z.unknown().optional(),
});

/** The line that this JSON is, where it is at least of the level; a level that is too low costs no parsing. */
export function storedLine(json: string, least: LogLevel): LogLine | undefined {
  const level = /^\{"level":"([a-z]+)"/.exec(json)?.[1] as LogLevel | undefined;
  if (level === undefined || logLevels.indexOf(level) < logLevels.indexOf(least)) return undefined;
  const parsed = lineSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return undefined;
  const { level: _level, time, msg, err, ...fields } = parsed.data;
  const error = errorOf(err);
  return { level, atMs: Date.parse(time), text: msg, ...(error !== '' && !msg.includes(error) && { error }), fields };
}

/** `outer: inner (CODE)`. */
function errorOf(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value;
  const parsed = errorSchema.safeParse(value);
  if (!parsed.success || depth > 4) return '';
  const { message, code, cause } = parsed.data;
  const own = code === undefined || message.includes(String(code)) ? message : `${message} (${code})`;
  return [own, errorOf(cause, depth + 1)].filter((part) => part !== '').join(': ');
}
