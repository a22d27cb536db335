import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ValueSchema } from '../../../src/modules/contract/index.js';
import { describeValue } from '../../../src/modules/values/describe-value.js';
import { fitsValue } from '../../../src/modules/values/fits-value.js';
import { isCatastrophic } from '../../../src/modules/values/is-catastrophic.js';
import { kindOf } from '../../../src/modules/values/kind-of.js';
import { listKind } from '../../../src/modules/values/kinds/list-kind.js';
import { regexpOf } from '../../../src/modules/values/kinds/regexp-kind.js';
import { readValue } from '../../../src/modules/values/read-value.js';
import type { ValueKind } from '../../../src/modules/values/value-kind.js';
import { writeValue } from '../../../src/modules/values/write-value.js';

const duration: ValueSchema = { kind: 'duration' };
const strings: ValueSchema = { kind: 'list', of: { kind: 'string' } };

function read(schema: ValueSchema, text: string): unknown {
  const reading = readValue(schema, text, 'en');
  return reading.ok ? reading.value : undefined;
}

function problem(schema: ValueSchema, text: string, language: 'en' | 'ru' = 'en'): string {
  const reading = readValue(schema, text, language);
  return reading.ok ? 'taken' : reading.problem;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

describe('what is taken', () => {
  const taken: [ValueSchema, string, unknown][] = [
    [{ kind: 'boolean' }, 'Вкл', true],
    [{ kind: 'boolean' }, ' off ', false],
    [{ kind: 'boolean' }, 'да', true],
    [{ kind: 'integer', min: -5 }, '−5', -5],
    [{ kind: 'integer' }, '-0', 0],
    [{ kind: 'number' }, '0,5', 0.5],
    [{ kind: 'string' }, ' two words ', ' two words '],
    [{ kind: 'word' }, ' one ', 'one'],
    [{ kind: 'choice', options: ['reply', 'quote'] }, 'Quote', 'quote'],
    [{ kind: 'choices', options: ['a', 'b', 'c'] }, 'c, A c', ['c', 'a']],
    [{ kind: 'choices', options: ['a', 'b'] }, 'none', []],
    [{ kind: 'choices', options: ['none', 'b'] }, 'none', ['none']],
    [duration, '90s', 90_000],
    [duration, '2h30m', 2.5 * hour],
    [duration, '1.5h', 1.5 * hour],
    [duration, '1,5 часа', 1.5 * hour],
    [duration, '2 часа 30 минут', 2.5 * hour],
    [duration, '2 часа и 5 мин.', 2 * hour + 5 * minute],
    [duration, 'полчаса', hour / 2],
    [duration, 'полтора часа', 1.5 * hour],
    [duration, 'half an hour', hour / 2],
    [duration, 'an hour and 10 minutes', hour + 10 * minute],
    [duration, 'час', hour],
    [duration, 'день', day],
    [duration, '3 недели', 21 * day],
    [duration, '1 сутки', day],
    [duration, '0', 0],
    [{ kind: 'peer' }, '@durov', '@durov'],
    [{ kind: 'peer' }, 'https://t.me/durov/12?single', '@durov'],
    [{ kind: 'peer' }, 't.me/s/durov', '@durov'],
    [{ kind: 'peer' }, 'tg://resolve?domain=durov', '@durov'],
    [{ kind: 'peer' }, 'tg://user?id=777', '777'],
    [{ kind: 'peer' }, 'https://t.me/c/1234567890/5', '-1001234567890'],
    [{ kind: 'peer' }, '-1001234567890', '-1001234567890'],
    [{ kind: 'peer' }, '-123', '-123'],
    [{ kind: 'peer' }, 'Я', 'me'],
    [{ kind: 'telegram-id' }, '4503599627370496', '4503599627370496'],
    [{ kind: 'emoji' }, '👨‍👩‍👧', '👨‍👩‍👧'],
    [{ kind: 'emoji' }, '🇷🇺', '🇷🇺'],
    [{ kind: 'emoji' }, '1️⃣', '1️⃣'],
    [{ kind: 'emoji' }, '👍🏽', '👍🏽'],
    [{ kind: 'emoji' }, '\u2764', '\u2764\ufe0f'],
    [{ kind: 'link' }, 'https://пример.рф/a?b=c', 'https://пример.рф/a?b=c'],
    [{ kind: 'languages' }, 'Русский, english', 'ru,en'],
    [{ kind: 'languages' }, 'авто', 'auto'],
    [{ kind: 'time-zone' }, 'europe/moscow', 'Europe/Moscow'],
    [{ kind: 'time-zone' }, 'UTC+3', 'Etc/GMT-3'],
    [{ kind: 'time-zone' }, 'мск+2', 'Etc/GMT-5'],
    [{ kind: 'time-zone' }, 'UTC+5:30', 'Asia/Kolkata'],
    [{ kind: 'time-zone' }, 'Екатеринбург', 'Asia/Yekaterinburg'],
    [{ kind: 'time-zone' }, 'new york', 'America/New_York'],
    [{ kind: 'regexp' }, '/При.ет/i', '/При.ет/i'],
    [{ kind: 'regexp' }, 'a/b', '/a\\/b/'],
    [{ kind: 'regexp' }, '/usr/bin', '/\\/usr\\/bin/'],
    [strings, 'one, two words,"a, b", “c, d”\n«e, f», "say ""hi"""', ['one', 'two words', 'a, b', 'c, d', 'e, f', 'say "hi"']],
    [strings, 'none', []],
    [strings, '"none"', ['none']],
    [{ kind: 'list', of: { kind: 'integer' } }, '1, 2\n3,', [1, 2, 3]],
    [{ kind: 'secret' }, ' s e cret\n', 's e cret'],
  ];
  it.each(taken)('%o takes %j', (schema, text, value) => expect(read(schema, text)).toEqual(value));
});

describe('what is refused', () => {
  const refused: [ValueSchema, string][] = [
    [{ kind: 'boolean' }, 'maybe'],
    [{ kind: 'integer' }, '1.5'],
    [{ kind: 'integer' }, '99999999999999999'],
    [{ kind: 'integer', max: 5 }, '6'],
    [{ kind: 'number' }, 'NaN'],
    [{ kind: 'number' }, '1e999'],
    [{ kind: 'string', minLength: 1 }, ''],
    [{ kind: 'word' }, 'two words'],
    [{ kind: 'choices', options: ['a'] }, 'a, z'],
    [duration, '30'],
    [duration, '5 парсеков'],
    [duration, 'h'],
    [duration, '5m 3'],
    [duration, '-5m'],
    [{ kind: 'duration', minMs: 60_000 }, '1s'],
    [{ kind: 'peer' }, 'durov'],
    [{ kind: 'peer' }, 'https://t.me/+AbCdEf'],
    [{ kind: 'peer' }, 'https://t.me.evil.example/durov'],
    [{ kind: 'peer' }, '99999999999999999999'],
    [{ kind: 'telegram-id' }, '0'],
    [{ kind: 'emoji' }, '🙂🙂'],
    [{ kind: 'emoji' }, '1'],
    [{ kind: 'emoji' }, 'a'],
    [{ kind: 'link' }, 'javascript:alert(1)'],
    [{ kind: 'link' }, 'https://me:secret@example.com'],
    [{ kind: 'languages' }, 'klingon'],
    [{ kind: 'time-zone' }, 'Mars/Olympus'],
    [{ kind: 'time-zone' }, 'UTC+25'],
    [{ kind: 'regexp' }, '/a/g'],
    [{ kind: 'regexp' }, '('],
    [{ kind: 'regexp' }, 'a'.repeat(501)],
    [strings, '"not closed'],
    [{ kind: 'list', of: { kind: 'word' }, maxItems: 2 }, 'a,b,c'],
    [{ kind: 'secret' }, '••••'],
  ];
  it.each(refused)('%o refuses %j in one line', (schema, text) => {
    for (const language of ['en', 'ru'] as const) {
      expect(problem(schema, text, language)).toContain(describeValue(schema.kind === 'list' && !text.includes('"') && text !== 'a,b,c' ? schema.of : schema, language));
      expect(problem(schema, text, language)).not.toContain('\n');
    }
  });

  it.each<[ValueSchema, string, string]>([
    [{ kind: 'choice', options: ['reply', 'quote'] }, 'qoute', 'quote'],
    [{ kind: 'integer', min: 1, max: 5 }, '9', '5'],
    [duration, '30', '30m'],
    [{ kind: 'peer' }, 'durov', '@durov'],
    [{ kind: 'link' }, 'example.com/a', 'https://example.com/a'],
    [{ kind: 'time-zone' }, 'Mosco', 'Europe/Moscow'],
    [{ kind: 'languages' }, 'rusian', 'ru'],
    [{ kind: 'list', of: { kind: 'choice', options: ['reply', 'quote'] } }, 'reply, qoute', 'quote'],
  ])('%o: %j is near something', (schema, text, nearest) => {
    expect(problem(schema, text)).toContain(`Perhaps ${nearest}?`);
    expect(problem(schema, text, 'ru')).toContain(`Может быть, ${nearest}?`);
  });

  it('never says what a secret was', () => {
    const secret = 'hunter2'.repeat(1000);
    for (const schema of [{ kind: 'secret' }, { kind: 'list', of: { kind: 'secret' } }] as const) {
      expect(problem(schema, secret)).not.toContain('hunter2');
      expect(writeValue(schema, (schema.kind === 'list' ? ['hunter2'] : 'hunter2') as never)).toBe('••••');
    }
  });
});

describe('what is written is read again', () => {
  const options = ['reply', 'quote', 'none', 'x-1'] as const;
  const zones = Intl.supportedValuesOf('timeZone');
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  const kinds: [ValueSchema, fc.Arbitrary<unknown>][] = [
    [{ kind: 'boolean' }, fc.boolean()],
    [{ kind: 'integer' }, fc.maxSafeInteger()],
    [{ kind: 'number' }, fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)],
    [{ kind: 'string' }, text],
    [{ kind: 'word' }, text.filter((word) => /^\S+$/u.test(word))],
    [{ kind: 'regexp' }, text.map((pattern) => read({ kind: 'regexp' }, pattern)).filter((value) => value !== undefined)],
    [{ kind: 'choice', options }, fc.constantFrom(...options)],
    [{ kind: 'choices', options }, fc.uniqueArray(fc.constantFrom(...options))],
    [duration, fc.maxSafeInteger().map(Math.abs)],
    [{ kind: 'peer' }, fc.oneof(fc.constant('me'), fc.bigInt(1n, 2n ** 52n).map(String), fc.bigInt(1n, 2n ** 52n).map((id) => `-${id}`), fc.constant('@durov'))],
    [{ kind: 'telegram-id' }, fc.bigInt(1n, 2n ** 52n).map(String)],
    [{ kind: 'languages' }, fc.constantFrom('auto', 'ru', 'ru,en')],
    [{ kind: 'time-zone' }, fc.constantFrom(...zones)],
    [{ kind: 'link' }, fc.webUrl()],
    [{ kind: 'emoji' }, fc.constantFrom('👍', '❤️', '🏴‍☠️', '#️⃣')],
    [strings, fc.array(text, { maxLength: 8 })],
    [{ kind: 'list', of: { kind: 'number' } }, fc.array(fc.integer())],
    [{ kind: 'list', of: duration as never }, fc.array(fc.nat())],
  ];
  it.each(kinds)('%o', (schema, values) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(read(schema, writeValue(schema, value as never))).toEqual(value);
        expect(fitsValue(schema, value)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('whatever is typed, what is read fits, and writes itself', () => {
    const schemas = fc.constantFrom(...kinds.map(([schema]) => schema));
    const typed = fc.oneof(text, fc.string({ unit: fc.constantFrom(...Array.from('0123456789.,- "“”«»/ahmsполчаса@\n')), maxLength: 12 }));
    fc.assert(
      fc.property(schemas, typed, (schema, given) => {
        const value = read(schema, given);
        if (value === undefined) return;
        expect(fitsValue(schema, value)).toBe(true);
        expect(read(schema, writeValue(schema, value as never))).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is typed to do harm', () => {
  const every: ValueSchema[] = [
    { kind: 'boolean' }, { kind: 'integer' }, { kind: 'integer', min: 1, max: 9 }, { kind: 'number' }, { kind: 'string' }, { kind: 'string', minLength: 1, maxLength: 20 },
    { kind: 'word' }, { kind: 'regexp' }, { kind: 'choice', options: ['reply', 'quote'] }, { kind: 'choices', options: ['reply', 'quote'] }, strings,
    { kind: 'list', of: { kind: 'integer' } }, { kind: 'list', of: { kind: 'peer' }, maxItems: 2 }, { kind: 'link' }, { kind: 'telegram-id' }, { kind: 'peer' }, { kind: 'emoji' },
    duration, { kind: 'duration', minMs: 1000, maxMs: 60_000 }, { kind: 'languages' }, { kind: 'time-zone' }, { kind: 'secret' }, { kind: 'list', of: { kind: 'secret' } },
  ];
  const harmful = [
    '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'NaN', 'Infinity', '-Infinity', '1e309', '0x10', '1e3', '00', '-0', '9'.repeat(400), '٣', 'null', 'undefined', '[object Object]', '{}',
    '$(reboot)', '`id`', '; rm -rf /', '../../etc/passwd', 'file:///etc/passwd', 'javascript:alert(1)', 'https://user:secret@example.com', 'http://[::1', 'https://', '//example.com',
    "' OR 1=1 --", '<b>x</b>', '**x**', '(a+)+$', '/(/', '/a/gy', '\u0000', '\u0007\u001b[2J', '\u202egnp.exe', '\ud83d', '👍\ud83d', '👍\u202e', 'a\nb', '"', '“', '«a', '"a" "b', ',', ',,,', 'x'.repeat(100_000), '👍'.repeat(20_000),
    'a,'.repeat(20_000), '1h'.repeat(20_000), '@'.repeat(5000), 't.me/'.repeat(5000), 'https://' + 'a.'.repeat(20_000),
  ];
  it.each(every)('%o takes it as the plain value that it is, or refuses it in one short line', (schema) => {
    for (const text of harmful) {
      const what = JSON.stringify(text.slice(0, 40));
      for (const language of ['en', 'ru'] as const) {
        const reading = readValue(schema, text, language);
        if (reading.ok) expect(fitsValue(schema, reading.value), what).toBe(true);
        else expect(reading.problem, what).toMatch(/^[^\p{Cc}\u202a-\u202e]{1,400}$/u);
        if (!reading.ok && JSON.stringify(schema).includes('secret')) expect(reading.problem).not.toContain(text.slice(0, 60));
      }
      const value = read(schema, text);
      if (value !== undefined && !JSON.stringify(schema).includes('secret')) expect(read(schema, writeValue(schema, value as never)), what).toEqual(value);
    }
  });
});

it('of a list that is not taken no more is read than it takes to see that', () => {
  const seen: string[] = [];
  const item: ValueKind<string> = { ...kindOf({ kind: 'string' }), read: (text) => (seen.push(text), text === 'no' ? undefined : text) };
  expect(listKind(item, 3).read('a, b, c')).toEqual(['a', 'b', 'c']);
  expect(listKind(item, 3).read('d, e, f, g')).toBeUndefined();
  expect(listKind(item, 3).read('h, no, i')).toBeUndefined();
  expect(seen).toEqual(['a', 'b', 'c', 'h', 'no']);
});

it('JSON of another form does not fit', () => {
  for (const [schema, value] of [
    [{ kind: 'boolean' }, 'on'],
    [{ kind: 'integer' }, 1.5],
    [{ kind: 'integer', max: 3 }, 4],
    [{ kind: 'string' }, 5],
    [{ kind: 'choice', options: ['a'] }, 'A'],
    [{ kind: 'choices', options: ['a'] }, ['a', 'a']],
    [{ kind: 'list', of: { kind: 'word' } }, ['a b']],
    [{ kind: 'list', of: { kind: 'word' } }, 'a'],
    [{ kind: 'peer' }, null],
    [{ kind: 'duration', maxMs: 5 }, 6],
  ] as [ValueSchema, unknown][]) {
    expect(fitsValue(schema, value), JSON.stringify([schema, value])).toBe(false);
  }
});

const harmful = ['(a+)+$', '(a|aa)+$', '^(спам|спам ?спам)+$', String.raw`(\w+\s?)*$`, '(.*)(.*)(.*)(.*)=', String.raw`(\p{Lu}+)+$`, '([!-,]+)+$', String.raw`(a)(a|\1)+b`];
const harmless = [String.raw`(?:\d{1,3}\.){3}\d{1,3}`, String.raw`^#\w+( #\w+)*$`, 'срочно.*сегодня', String.raw`^\s*(.*?)\s*$`, '(cat|dog)+', String.raw`^\S+@\S+\.\S+$`];

it.each([...harmful.map((pattern) => [pattern, true] as const), ...harmless.map((pattern) => [pattern, false] as const)])('%s could search for hours: %s', (pattern, is) => {
  expect(isCatastrophic(new RegExp(pattern, 'iu'))).toBe(is);
});

it('a machine that holds the thread up once makes no regular expression a harmful one', () => {
  let tries = 0;
  const pattern = Object.assign(/a/, {
    test: () => {
      tries += 1;
      for (const since = performance.now(); tries === 1 && performance.now() - since < 10_000; );
      return false;
    },
  });
  expect(isCatastrophic(pattern)).toBe(false);
});

it('a regular expression that could search for hours is refused and named, also in a list and on record', () => {
  expect(problem({ kind: 'regexp' }, '/(a+)+$/i')).toBe(
    '“/(a+)+$/i” does not fit: on some texts it would search for hours. Repeat nothing that repeats in itself, as (a+)+ does, and no alternatives that begin alike.',
  );
  expect(problem({ kind: 'list', of: { kind: 'regexp' } }, 'ok, (a+)+$', 'ru')).toContain('«(a+)+$» не подходит: на иных текстах поиск длился бы часами.');
  expect(fitsValue({ kind: 'regexp' }, '/(a+)+$/')).toBe(false);
});

it('every time zone that is read is one that fits, whatever this Node.js calls it, and is written so that it is read again', () => {
  const zone: ValueSchema = { kind: 'time-zone' };
  const offsets = Array.from({ length: 27 }, (_, index) => `UTC${index < 12 ? '' : '+'}${index - 12}`);
  for (const text of [...offsets, '+5:30', '+3:30', '+4:30', '+5:45', '+6:30', '+8:45', '+9:30', '-9:30', 'киев', 'Asia/Kolkata', 'Europe/Kyiv', 'бали', 'нью-йорк', 'UTC']) {
    const value = read(zone, text);
    expect(value, text).toBeDefined();
    expect(fitsValue(zone, value), text).toBe(true);
    expect(fitsValue(zone, read(zone, writeValue(zone, value as string))), text).toBe(true);
  }
});

it('a regular expression is what was typed', () => {
  expect(regexpOf(read({ kind: 'regexp' }, '/^при/i') as string).test('ПРИВЕТ')).toBe(true);
});
