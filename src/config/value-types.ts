import { z } from 'zod';
import { parseLanguageChoice, type LanguageChoice } from '../speech/language/language-choice.js';
import { MAX_WORD_LENGTH, MAX_WORDS, parseVocabulary, type Vocabulary } from '../speech/vocabulary/vocabulary.js';
import { parseProxyLinks, PROXY_LINK_FORMS } from '../telegram/proxy/parse-proxy-links.js';
import type { ProxyServer } from '../telegram/proxy/proxy-server.js';

/** How a setting's text becomes a value: a zod schema, and the words that tell a person what it takes. */
export interface ValueType<T> {
  schema: z.ZodType<T, string>;
  takes: string;
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNIT_BYTES = { KB: 1000, MB: 1_000_000, GB: 1_000_000_000, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

export function text(): ValueType<string> {
  return { schema: z.string(), takes: 'text' };
}

export function matching(pattern: RegExp, takes: string): ValueType<string> {
  return { schema: z.string().regex(pattern), takes };
}

/** Text that `accepts` says yes to. */
export function accepted(accepts: (value: string) => boolean, takes: string): ValueType<string> {
  return { schema: z.string().refine(accepts), takes };
}

/** An address that files can be fetched from. */
export function isWebAddress(address: string): boolean {
  return /^https?:\/\/[^/]/.test(address) && URL.canParse(address);
}

/** Whether a name or a password stands in the address, which is shown where addresses are shown. */
export function hasCredentials(address: string): boolean {
  const { username, password } = new URL(address);
  return username + password !== '';
}

/** The address of a Redis server: a URL, or the path of a unix socket. */
export function redisAddress(): ValueType<string> {
  return {
    schema: z.string().refine((address) => /^(unix:\/\/)?\/./.test(address) || isRedisUrl(address)),
    takes:
      'redis://USER:PASSWORD@HOST:PORT/DB, rediss://… or the path of a unix socket ' +
      '(special characters of a password are written as %23)',
  };
}

function isRedisUrl(address: string): boolean {
  try {
    const { protocol, hostname, username, password, pathname } = new URL(address);
    decodeURIComponent(username + password);
    return /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname);
  } catch {
    // No URL, or a % that stands for nothing: the address is refused as any other bad value.
    return false;
  }
}

/** Proxies to Telegram, in order of preference. */
export function proxyLinks(): ValueType<readonly ProxyServer[]> {
  return understood(parseProxyLinks, PROXY_LINK_FORMS);
}

/** `auto`, `ru` or `ru,en`. */
export function languages(): ValueType<LanguageChoice> {
  return understood(parseLanguageChoice, 'auto, a language code such as ru, en or uk, or several of them with commas');
}

/** Names and jargon. */
export function vocabularyWords(): ValueType<Vocabulary> {
  return understood(parseVocabulary, `words with commas between them, ${MAX_WORDS} at most, ${MAX_WORD_LENGTH} characters each`);
}

/** Text that `parse` makes something of. */
function understood<T>(parse: (value: string) => T | undefined, takes: string): ValueType<T> {
  return {
    schema: z.string().transform((value, context) => {
      const parsed = parse(value);
      if (parsed !== undefined) return parsed;
      context.addIssue({ code: 'custom', message: 'not understood' });
      return z.NEVER;
    }),
    takes,
  };
}

/** `0.01` to `0.99`; `off` is 0. */
export function probabilityOrOff(): ValueType<number> {
  return {
    schema: z
      .string()
      .regex(/^(off|0?\.\d{1,3})$/i)
      .transform((value) => (value.toLowerCase() === 'off' ? 0 : Number(value))),
    takes: 'off, or a number from 0.001 to 0.999 such as 0.3',
  };
}

export function integer(min: number, max: number): ValueType<number> {
  return {
    schema: z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number)
      .refine((value) => value >= min && value <= max),
    takes: `a whole number from ${min} to ${max}`,
  };
}

/** A TCP port; `off` and `0` are 0. */
export function portOrOff(): ValueType<number> {
  return {
    schema: z
      .string()
      .regex(/^(off|\d{1,5})$/i)
      .transform((value) => (value.toLowerCase() === 'off' ? 0 : Number(value)))
      .refine((port) => port < 65_536),
    takes: 'a port from 1 to 65535, or off',
  };
}

export function boolean(): ValueType<boolean> {
  const yes = ['true', 'yes', 'on', '1'];
  return {
    schema: z
      .string()
      .transform((value) => value.toLowerCase())
      .refine((value) => [...yes, 'false', 'no', 'off', '0'].includes(value))
      .transform((value) => yes.includes(value)),
    takes: 'true or false',
  };
}

/** Some of the values, each once, in the order in which they are preferred. */
export function choices<const T extends string>(values: readonly [T, ...T[]]): ValueType<readonly [T, ...T[]]> {
  return {
    schema: z
      .string()
      .transform((given) => given.split(/[\s,]+/))
      .pipe(z.tuple([z.enum(values)], z.enum(values)))
      .refine((chosen) => new Set(chosen).size === chosen.length),
    takes: `one or more of: ${values.join(', ')}, separated by commas`,
  };
}

export function choice<const T extends string>(values: readonly [T, ...T[]]): ValueType<T> {
  return { schema: z.enum(values), takes: `one of: ${values.join(', ')}` };
}

/** `500ms`, `30s`, `10m`, `2h`, `1d` → milliseconds. */
export function duration(minMs: number, maxMs: number): ValueType<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,9}(ms|s|m|h|d)$/)
      .transform((value) => parseInt(value, 10) * UNIT_MS[value.replace(/^\d+/, '') as keyof typeof UNIT_MS])
      .refine((value) => value >= minMs && value <= maxMs),
    takes: `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 30s, 10m or 2h`,
  };
}

/** `all`, `ask`, `record`, or a duration in milliseconds. */
export function backlogPolicy(): ValueType<'all' | 'ask' | 'record' | number> {
  const age = duration(0, 365 * UNIT_MS.d);
  return {
    schema: z.union([z.enum(['all', 'ask', 'record']), age.schema]),
    takes: 'all, ask, record, or a duration such as 24h or 7d',
  };
}

/** `20MB`, `2GiB` → bytes. */
export function byteSize(min: number, max: number): ValueType<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,9}(KB|MB|GB|KiB|MiB|GiB)$/)
      .transform((value) => parseInt(value, 10) * UNIT_BYTES[value.replace(/^\d+/, '') as keyof typeof UNIT_BYTES])
      .refine((value) => value >= min && value <= max),
    takes: 'a size such as 20MB or 2GiB',
  };
}

/** The shortest exact form of a duration: 90000 → `90s`, 7200000 → `2h`. */
export function formatDuration(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms > 0 && ms % UNIT_MS[unit] === 0) return `${ms / UNIT_MS[unit]}${unit}`;
  }
  return `${ms}ms`;
}
