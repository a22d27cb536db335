import type { ValueKind } from '../value-kind.js';

const UNIT_MS = { w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const;
type Unit = keyof typeof UNIT_MS;

/** What a unit may be called; the Russian words by how they begin, since their ends change with the number. */
const UNITS: readonly [RegExp, Unit][] = [
  [/^(ms|msecs?|milliseconds?|мс|миллисекунд[аыу]?)$/, 'ms'],
  [/^(s|secs?|seconds?|с|сек|секунд[аыу]?)$/, 's'],
  [/^(m|mins?|minutes?|м|мин|минут[аыук]?)$/, 'm'],
  [/^(h|hrs?|hours?|ч|час|часа|часов)$/, 'h'],
  [/^(d|days?|д|дн|день|дня|дней|сут|сутки|суток)$/, 'd'],
  [/^(w|wks?|weeks?|н|нед|недел[яиюь])$/, 'w'],
];

/** A number and a unit; `half an hour`, `полчаса`, `полтора часа`, or a unit alone are numbers too. */
const PART = /(?:(\d+(?:[.,]\d+)?)|(half\s+an?|an?|one|полтора|полторы|пол)(?![a-z]))?\s*(\p{L}+)\.?[\s,]*(?:(?:and|и)\s+)?/gu;
const AMOUNTS: Readonly<Record<string, number>> = { a: 1, an: 1, one: 1, полтора: 1.5, полторы: 1.5 };
const HALF = 0.5;

/** `90s`, `2h30m`, `1.5h`, `2 часа`, `полчаса` → milliseconds. */
export function durationKind({ minMs = 0, maxMs = Number.MAX_SAFE_INTEGER }: { minMs?: number; maxMs?: number }): ValueKind<number> {
  const isWithin = (ms: number): boolean => Number.isSafeInteger(ms) && ms >= minMs && ms <= maxMs;
  return {
    read: (text) => {
      const ms = readDuration(text);
      return ms !== undefined && isWithin(ms) ? ms : undefined;
    },
    write: writeDuration,
    fits: (value) => typeof value === 'number' && isWithin(value),
    takes: (texts) =>
      texts.range(texts.takes.duration, minMs > 0 ? writeDuration(minMs) : undefined, maxMs < Number.MAX_SAFE_INTEGER ? writeDuration(maxMs) : undefined),
    nearest: (text) => {
      const bare = /^\d{1,9}$/.test(text.trim()) ? Number(text) * UNIT_MS.m : readDuration(text);
      return bare === undefined ? undefined : writeDuration(Math.min(maxMs, Math.max(minMs, bare)));
    },
  };
}

function readDuration(text: string): number | undefined {
  const written = text.trim().toLowerCase();
  if (written === '' || written.length > 100) return undefined;
  if (written === '0') return 0;
  let sum = 0;
  let readLength = 0;
  for (const [whole, digits, word, name = ''] of written.matchAll(PART)) {
    const part = partMs(digits, word, name);
    if (part === undefined) return undefined;
    sum += part;
    readLength += whole.length;
  }
  if (readLength !== written.length) return undefined;
  const ms = Math.round(sum);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

function partMs(digits: string | undefined, word: string | undefined, name: string): number | undefined {
  const unit = UNITS.find(([names]) => names.test(name))?.[1];
  const amount = digits !== undefined ? Number(digits.replace(',', '.')) : word !== undefined ? (AMOUNTS[word] ?? HALF) : bareUnit(name);
  return unit === undefined || amount === undefined ? undefined : amount * UNIT_MS[unit];
}

/** `hour`, `час` mean one; a single letter is a slip. */
function bareUnit(name: string): number | undefined {
  return name.length >= 3 ? 1 : undefined;
}

/** The exact form that is read again: 9000000 → `2h30m`. */
export function writeDuration(ms: number): string {
  if (ms === 0) return '0s';
  let rest = ms;
  return (Object.entries(UNIT_MS) as [Unit, number][])
    .filter(([unit]) => unit !== 'w')
    .map(([unit, unitMs]) => {
      const count = Math.floor(rest / unitMs);
      rest -= count * unitMs;
      return count === 0 ? '' : `${count}${unit}`;
    })
    .join('');
}
