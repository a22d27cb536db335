import { expect, test } from 'vitest';
import { readArguments, type ArgumentsReading } from '../../../src/modules/command-line/read-arguments.js';
import { usageOf } from '../../../src/modules/command-line/usage.js';
import type { ArgumentsDefinition, FlagsDefinition } from '../../../src/modules/contract/index.js';
import fc from 'fast-check';
import '../../support/fixed-seed.js';

const label = (en: string) => ({ en, ru: `${en} по-русски` });

const note = {
  args: {
    name: { kind: 'word', label: label('name') },
    text: { kind: 'string', rest: true, fromReply: true, label: label('text') },
  },
  flags: {
    delete: { kind: 'boolean', short: 'd', about: label('delete it') },
    for: { kind: 'duration', about: label('how long') },
    mode: { kind: 'choice', options: ['reply', 'quote'], about: label('how') },
  },
} satisfies { args: ArgumentsDefinition; flags: FlagsDefinition };

const grant = {
  args: {
    who: { kind: 'peer', fromReply: true, label: label('who') },
    times: { kind: 'integer', optional: true, min: 1, max: 9, label: label('times') },
    what: { kind: 'word', label: label('what') },
  },
} satisfies { args: ArgumentsDefinition };

function read(command: Parameters<typeof readArguments>[0]['command'], line: string, reply?: { text: string; senderId?: string } | 'gone'): Promise<ArgumentsReading> {
  const sender = reply === 'gone' || reply?.senderId === undefined ? {} : { sender: { kind: 'user' as const, id: reply.senderId } };
  return readArguments({
    command,
    line,
    language: 'en',
    isReply: reply !== undefined,
    repliedTo: () => Promise.resolve(reply === undefined || reply === 'gone' ? undefined : { text: reply.text, ...sender }),
  });
}

const noFlags = { delete: false, for: undefined, mode: undefined };
const called = (args: object, flags: object = noFlags) => ({ kind: 'call', args, flags });

test('who is meant by a message that is gone is not guessed; who was typed is nobody else', async () => {
  const track = { args: { who: { kind: 'peer', optional: true, fromReply: true, label: label('who') } } } satisfies { args: ArgumentsDefinition };
  expect(await read(track, '', 'gone')).toEqual({ kind: 'wrong', problem: 'The message you replied to is gone.' });
  expect(await read(track, '@anna_k', 'gone')).toEqual(called({ who: '@anna_k' }, {}));
  expect(await read(track, '')).toEqual(called({ who: undefined }, {}));
});

test.each([
  ['shop milk "and  bread"\n 2 l', called({ name: 'shop', text: 'milk "and  bread"\n 2 l' })],
  [`shop don't -d --for 2h`, called({ name: 'shop', text: `don't -d --for 2h` })],
  [`shop "never closed`, called({ name: 'shop', text: '"never closed' })],
  ['"two words" x', undefined],
  ['--delete shop x', called({ name: 'shop', text: 'x' }, { ...noFlags, delete: true })],
  ['shop -d x', called({ name: 'shop', text: 'x' }, { ...noFlags, delete: true })],
  ['—delete shop x', called({ name: 'shop', text: 'x' }, { ...noFlags, delete: true })],
  ['--for 2h --mode=quote shop x', called({ name: 'shop', text: 'x' }, { ...noFlags, for: 7_200_000, mode: 'quote' })],
  ['--mode "quote" shop x', called({ name: 'shop', text: 'x' }, { ...noFlags, mode: 'quote' })],
  ['--delete=off shop x', called({ name: 'shop', text: 'x' })],
  ['shop -- --delete', called({ name: 'shop', text: '--delete' })],
  ['-- -d x', called({ name: '-d', text: 'x' })],
  ['"--delete" x', called({ name: '--delete', text: 'x' })],
  ['shop -5 x', called({ name: 'shop', text: '-5 x' })],
  ['shop —привет', called({ name: 'shop', text: '—привет' })],
  ['-h', { kind: 'help' }],
  ['shop --help', { kind: 'help' }],
])('%s', async (line, reading) => {
  const read1 = await read(note, line);
  if (reading === undefined) expect(read1.kind).toBe('wrong');
  else expect(read1).toEqual(reading);
});

test.each([
  ['', 'Missing: name.'],
  ['shop', 'Missing: text. Give it, or reply to a message.'],
  ['"shop', 'This quote is never closed: "shop'],
  ['--delte shop x', 'There is no --delte. Did you mean --delete?'],
  ['--foo shop x', 'There is no --foo.'],
  ['shop --for', '--for is followed by'],
  ['--mode qoute shop x', 'Perhaps quote?'],
])('%s is wrong, and one line says why', async (line, problem) => {
  const reading = await read(note, line);
  expect(reading).toMatchObject({ kind: 'wrong' });
  const said = reading.kind === 'wrong' ? reading.problem : '';
  expect(said).toContain(problem);
  expect(said).not.toContain('\n');
});

test('what is not typed is taken from the message that was replied to', async () => {
  expect(await read(note, 'shop', { text: 'milk' })).toEqual(called({ name: 'shop', text: 'milk' }));
  expect(await read(note, 'shop bread', { text: 'milk' })).toEqual(called({ name: 'shop', text: 'bread' }));
  expect(await read(grant, 'ping', { text: 'hi', senderId: '5' })).toEqual(called({ who: '5', times: undefined, what: 'ping' }, {}));
  expect(await read(grant, '@anna_k ping', { text: 'hi', senderId: '5' })).toEqual(called({ who: '@anna_k', times: undefined, what: 'ping' }, {}));
  expect(await read(grant, 'ping', { text: 'hi' })).toMatchObject({ kind: 'wrong' });
  expect(await read(note, 'shop', { text: '' })).toMatchObject({ kind: 'wrong' });
});

test('an argument that may be left out is, where the word fits a later one', async () => {
  expect(await read(grant, '@anna_k 3 ping')).toEqual(called({ who: '@anna_k', times: 3, what: 'ping' }, {}));
  expect(await read(grant, '@anna_k ping')).toEqual(called({ who: '@anna_k', times: undefined, what: 'ping' }, {}));
  expect(await read(grant, 'ping')).toMatchObject({ kind: 'wrong', problem: expect.stringContaining('who: ') as string });
  expect(await read(grant, '@anna_k 3 ping pong')).toEqual({ kind: 'wrong', problem: 'One too many: “pong”.' });
  expect(await read(grant, `@anna_k 3 ping "${'p'.repeat(4000)}"`)).toEqual({ kind: 'wrong', problem: `One too many: “${'p'.repeat(59)}…”.` });
});

test('a command without flags takes what looks like one as a word', async () => {
  const plain = { args: { text: { kind: 'string', rest: true, label: label('text') } } } satisfies { args: ArgumentsDefinition };
  expect(await read(plain, '--loud x')).toEqual(called({ text: '--loud x' }, {}));
  expect(await read(plain, '--help')).toEqual({ kind: 'help' });
});

test('whatever is typed, it is read or refused in one line', async () => {
  const parts = fc.array(fc.constantFrom('"', "'", '\\', ' ', 'a', '-d', '--for', '--mode=', '—', '--', '«', '»', '2h', '@anna_k', '3', 'ж', '\ud83d', '\n', '\u202e', 'x'.repeat(999)), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(parts.map((all) => all.join('')), fc.constantFrom(note, grant), async (line, command) => {
      const reading = await read(command, line, { text: 'reply', senderId: '7' });
      if (reading.kind === 'wrong') expect(reading.problem).toMatch(/^.{1,500}$/u);
    }),
  );
});

test('the usage shows what may be left out', () => {
  expect(usageOf({ name: 'note', ...note }, '.', 'en')).toBe('.note <name> [text…] [--delete] [--for …] [--mode reply|quote]');
  expect(usageOf({ name: 'grant', ...grant }, '!', 'ru')).toBe('!grant [who по-русски] [times по-русски] <what по-русски>');
});
