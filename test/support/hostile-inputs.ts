import type { TestContext } from 'vitest';
import fc from 'fast-check';
import './fixed-seed.js';

declare module 'vitest' {
  interface TaskMeta {
    /** How many hostile inputs the test has really tried; the count reporter adds them up. */
    hostileInputs?: number;
  }
}

/** Notes that one more hostile input, or `count` of them, was tried. */
export function tried(ctx: TestContext, count = 1): void {
  ctx.task.meta.hostileInputs = (ctx.task.meta.hostileInputs ?? 0) + count;
}

/** A property of every input that `arbitrary` can make: `check` throws where it does not hold. Each one is counted. */
export async function forEvery<T>(
  ctx: TestContext,
  arbitrary: fc.Arbitrary<T>,
  numRuns: number,
  check: (value: T) => Promise<void> | void,
): Promise<void> {
  const property = fc.asyncProperty(arbitrary, async (value) => {
    tried(ctx);
    await check(value);
  });
  await fc.assert(property, { numRuns });
}

/** Two at a time, which is what a machine with two cores has to give. */
export async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/** Texts that people and programs trip over: control characters, directions, marks without end, halves of pairs. */
export const NASTY_TEXTS: readonly string[] = [
  '', ' ', '\n', '\r\n', '\t', '\0', '\u0007', '\u001b[2J\u001b[1;31mroot', '\u009b31m', '\u202e\u202dgnp.exe', '\u2066x\u2069', '\u2028x\u2029',
  '\u200f', '\ufeff', '\u200b', '\ufffe', '\uffff', '\ud800', '\udc00\ud800', 'a\ud83d', '👩‍👩‍👧‍👦', '🏳️‍🌈', 'e\u0301', `z${'\u0351'.repeat(300)}`,
  'مرحبا بالعالم', 'שלום', 'ﷺ'.repeat(50), '\u115f', '\u3164', '\u2800', '../../../etc/passwd', '..\\..\\x', 'CON', '/dev/stdin', '-i', '--help',
  '$(reboot)', '`id`', '; rm -rf /', '%s%n%x', '{{7*7}}', '<b>x</b>', '*x* _y_ [a](tg://user?id=1)', '__proto__', 'constructor', 'toString',
  'null', 'undefined', 'NaN', 'Infinity', '-0', '1e309', '9007199254740993', '-9223372036854775808', '9223372036854775808', '0x7fffffff', '٣',
  '{"a":', '[]', '{}', 'true', '"', "'", '\\', '\\u0000', 'a'.repeat(5000), '.'.repeat(5000), '[('.repeat(2000), ' \t'.repeat(2000),
]; // prettier-ignore

/** Any text at all: the nasty ones, graphemes, code points, and UTF-16 units with halves of surrogate pairs. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...NASTY_TEXTS),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.nat(0xffff), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom(...NASTY_TEXTS), { maxLength: 4 }).map((parts) => parts.join(' ')),
);
