import { expect, test } from 'vitest';
import type { LogLine } from '../../../../src/log/log-line.js';
import { bannerContent } from '../../../../src/modules/builtin/status/info/info-answer.js';
import { noteRestart, sayBack } from '../../../../src/modules/builtin/status/leaving.js';
import { statusModule } from '../../../../src/modules/builtin/status/status-module.js';
import type { Status, StatusPorts } from '../../../../src/modules/builtin/status/status-ports.js';
import { texts } from '../../../../src/modules/builtin/status/texts.js';
import { PermanentError } from '../../../../src/errors.js';
import { message } from '../../../support/messages.js';
import { settle } from '../../../support/fake-clock.js';
import { moduleGround, type ModuleGroundOptions } from '../../../support/module-ground.js';
import { testRedis } from '../../../support/test-redis.js';

const redis = testRedis();

const quiet: Status = {
  uptimeMs: 93_784_000,
  memoryBytes: 130 * 1024 ** 2,
  engine: { engine: 'whisper.cpp 1.9.1 (native)', model: 'base', loaded: true, threads: 2, flashAttention: true, realTimeFactor: 0.123, memoryBytes: 388 * 1024 ** 2, restarts: 0 },
  nowMs: 1_000_000,
  tracked: { people: 5, chats: 0 },
  queue: { waiting: 0, active: 0, delayed: 0 },
  outcomes: { text: 120, 'no-speech': 3, failed: 2 },
  audioMs: 5_400_000,
  deadLetters: 0,
  incidents: { message: 0, command: 0, job: 0 },
  governor: { pace: 'normal', waits: [], sentLastMinute: 2, sentLastHour: 40, queued: 0, coalesced: 0, refusedChats: 0 },
  reconnects: 1,
  version: '0.1.0',
};

const failure: LogLine = { level: 'error', atMs: 3_600_000, text: 'a job failed: redis://admin:hunter2@host', error: 'connect ECONNREFUSED (ECONNREFUSED)', fields: { job: 'x' } };

async function ground(over: Partial<StatusPorts> & { status?: () => Promise<Status> } = {}, options: Partial<ModuleGroundOptions> = {}) {
  const left: string[] = [];
  const module = statusModule({
    ping: () => Promise.resolve(41.6),
    status: () => Promise.resolve(quiet),
    debug: () => Promise.resolve([['redis', { version: '8.0.2', appendOnlyFile: true, last: undefined }]] as const),
    log: (level) => (level === 'error' ? [failure] : [{ ...failure, level: 'info' as const, text: 'started' }, failure]),
    takesVoices: () => true,
    startedBy: 'docker',
    leave: (how) => left.push(how),
    ...over,
  });
  return Object.assign(await moduleGround(module, { redis: redis.redis, ...options }), { left });
}

async function shown(status: Partial<Status>, language: 'en' | 'ru' = 'en'): Promise<string> {
  const typed = await ground({ status: () => Promise.resolve({ ...quiet, ...status }) }, { language });
  return (await typed.type('.status')) ?? '';
}

test('a quiet day fits on a telephone and says nothing of what did not happen', async () => {
  const lines = (await shown({})).split('\n');
  expect(lines.length).toBeLessThanOrEqual(13);
  expect(lines.join('\n')).toContain('Failures to look at: 0');
  expect(lines.join('\n')).not.toMatch(/asks to wait|take nothing|got over|proxy|undefined|NaN/);
});

test.each(['en', 'ru'] as const)('trouble is named: failures, waits, refusals, errors, restarts of the engine (%s)', async (language) => {
  const waits = [
    { kind: 'send', remainingMs: 29_001 },
    { kind: 'write', chatKind: 'channel', remainingMs: 10_000 },
  ] as const;
  const lastRestart = { cause: 'out-of-memory', atMs: 1_000_000 - 125_000 } as const;
  const engine = { ...quiet.engine, restarts: 3, lastRestart, trouble: 'SIGILL' };
  const governor = { ...quiet.governor, waits, queued: 7, refusedChats: 2 };
  const text = await shown({ deadLetters: 3, incidents: { message: 1, command: 0, job: 4 }, governor, engine }, language);
  const { units, status } = texts.of(language);
  const parts = ['npm run jobs', '.retry', `30 ${units[3]}`, `10 ${units[3]}`, status.waitKinds.send, status.chatKinds.channel];
  for (const part of [...parts, status.engineTrouble('SIGILL'), status.restarts(3, `2 ${units[2]} 5 ${units[3]}`, status.endCauses['out-of-memory'])]) {
    expect(text).toContain(part);
  }
});

test.each([
  ['en', '👥 Tracked: 1 person', '👥 Tracked: 2 people, 1 chat', '⏸ No voice is written down: the module voice is switched off. Back: .enable voice'],
  ['ru', '👥 Отслеживаю людей: 1', '👥 Отслеживаю людей: 2, чатов: 1', '⏸ Голосовые не расшифровываются: модуль voice выключен. Включить: .enable voice'],
] as const)('people and chats that are tracked are told apart, and voices that are off are said to be (%s)', async (language, one, several, off) => {
  expect((await shown({ tracked: { people: 1, chats: 0 } }, language)).split('\n')).toContain(one);
  expect((await shown({ tracked: { people: 2, chats: 1 } }, language)).split('\n')).toContain(several);
  expect(await shown({}, language)).not.toContain('⏸');
  expect(await (await ground({ takesVoices: () => false }, { language })).type('.status')).toContain(`\n${off}\n`);
});

test.each([
  ['en', '.ping', '🏓 42 ms'],
  ['ru', 'юзштп', '🏓 42 мс'],
] as const)('in %s %s is answered in whole milliseconds', async (language, typed, answer) => {
  expect(await (await ground({}, { language })).type(typed)).toBe(answer);
});

test('.debug is one block to copy: facts in columns, the last errors with their causes, no secret', async () => {
  const text = (await (await ground()).type('.debug')) ?? '';
  expect(text).toContain('redis\n  version           8.0.2\n  append only file  true\n');
  expect(text).toContain('  01:00:00 error a job failed: redis://[redacted]@host: connect ECONNREFUSED');
  expect(text).not.toMatch(/hunter2|undefined/);
});

test('.logs sends the lines of the level as a file, redacted a second time', async () => {
  const typed = await ground();
  const answer = await typed.call('logs', { level: 'error' });
  expect(answer).toMatchObject({ text: texts.of('en').logs.caption(1, 'error'), file: { mimeType: 'text/plain' } });
  const { file } = answer as { file: { name: string; bytes: Uint8Array } };
  expect(Buffer.from(file.bytes).toString()).toBe(
    '1970-01-01T01:00:00.000Z ERROR a job failed: redis://[redacted]@host: connect ECONNREFUSED (ECONNREFUSED) {"job":"x"}\n',
  );
  expect(file.name).toMatch(/^gramscribe-[\dT-]+\.log$/);
  expect(await typed.type('.logs loud')).toContain('debug');
});

test('an error of several lines is one line of the log, in .logs and in .debug', async () => {
  const forged: LogLine = { ...failure, text: 'it failed', error: 'Command failed:\n2026-11-21T20:00:00.000Z INFO  all is well\u202e' };
  const typed = await ground({ log: () => [forged] });
  const { file } = (await typed.call('logs', { level: 'error' })) as { file: { bytes: Uint8Array } };
  expect(Buffer.from(file.bytes).toString()).toBe('1970-01-01T01:00:00.000Z ERROR it failed: Command failed: 2026-11-21T20:00:00.000Z INFO all is well {"job":"x"}\n');
  expect(await typed.type('.debug')).toMatch(/\n {2}01:00:00 error it failed: Command failed: 2026-11-21T20:00:00\.000Z INFO all is well$/);
});

test('.info draws its figures with a font of ours, in both languages, also where nothing is known yet', async () => {
  const sizes = [];
  for (const language of ['en', 'ru'] as const) {
    const typed = await ground({}, { language });
    const { file } = (await typed.call('info', {})) as { file: { as: string; bytes: Uint8Array } };
    expect(file.as).toBe('photo');
    const png = Buffer.from(file.bytes);
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', 1280, 640]);
    sizes.push(png.length);
  }
  expect(sizes[0]).not.toBe(sizes[1]);
  const fresh = { ...quiet, audioMs: 0, outcomes: { text: 0, 'no-speech': 0, failed: 0 }, engine: { engine: 'x', model: '<&"', loaded: false } };
  expect(await (await ground({ status: () => Promise.resolve(fresh) })).call('info', {})).toMatchObject({ file: { as: 'photo' } });
});

test.each([
  [undefined, '— speed', '— скорость'],
  [0.125, '8× faster than speech', '8× быстрее речи'],
  [1.25, '1.3× slower than speech', '1,3× медленнее речи'],
])('the banner says how fast a factor of %s is', (realTimeFactor, english, russian) => {
  const { realTimeFactor: _, ...engine } = quiet.engine;
  const status = { ...quiet, engine: { ...engine, ...(realTimeFactor !== undefined && { realTimeFactor }) } };
  const speed = (language: 'en' | 'ru'): string => bannerContent(status, texts.of(language), language).figures.slice(-1).map(({ value, label }) => `${value} ${label}`).join('');
  expect([speed('en'), speed('ru')]).toEqual([english, russian]);
});

test('.restart asks, leaves, and the next process says in the same message how long it took', async () => {
  const first = await ground();
  const { restart } = texts.of('en');
  expect(await first.type('.restart', { confirm: false })).toBe(restart.kept);
  expect(first.left).toEqual([]);
  expect(await first.type('.restart', { confirm: true, messageId: 50 })).toBe(restart.leaving);
  expect(first.left).toEqual(['restart']);
  const second = await ground({}, { accountId: first.accountId });
  await settle();
  await expect.poll(() => second.gateway.messages.get(50)?.text).toMatch(/^✅ Back after \d+ s$/);
});

test('a start that has nothing to say takes no note away that is written meanwhile', async () => {
  const stored = new Map<string, unknown>();
  const store = { get: (key: string) => Promise.resolve(stored.get(key)).finally(() => stored.set(key, 'written meanwhile')), delete: (key: string) => Promise.resolve(stored.delete(key)) };
  await sayBack({ store, nowMs: () => 0 } as never, texts.of('en').restart, new AbortController().signal);
  expect([...stored.values()]).toEqual(['written meanwhile']);
});

test('where nobody would start it again .restart says so and stays; .stop under Docker says what keeps it stopped', async () => {
  const alone = await ground({ startedBy: undefined });
  expect(await alone.type('.restart')).toContain(texts.of('en').restart.nobody);
  expect(await alone.type('.stop', { confirm: true })).toBe(texts.of('en').stop.leaving);
  expect(alone.left).toEqual(['stop']);
  const docked = await ground();
  expect(await docked.type('.stop', { confirm: false })).toBe(texts.of('en').stop.kept);
  expect(docked.gateway.calls.join('\n')).toContain('docker compose stop');
  expect(docked.left).toEqual([]);
});

test('nobody can be given what ends the program or shows its inside, and an edit ends it neither', async () => {
  const { host } = await ground();
  const access = Object.fromEntries(host.list().flatMap(({ module }) => module.commands.map((each) => [each.name, each.access ?? 'grantable'])));
  expect(access).toMatchObject({ restart: 'typed', stop: 'typed', logs: 'owner', debug: 'owner', ping: 'grantable' });
});

test('a message that is gone is not asked for again and again, and a Redis that is away keeps nobody from leaving', async () => {
  let note: unknown;
  let edits = 0;
  const never = new AbortController().signal;
  const ctx = {
    send: { edit: () => ((edits += 1), Promise.reject(new PermanentError('deleted', 'MESSAGE_ID_INVALID'))) },
    store: {
      get: () => Promise.resolve(note),
      set: (_key: string, value: unknown) => new Promise(() => (note = value)),
      delete: () => {
        note = undefined;
        return Promise.resolve(true);
      },
    },
    sleep: () => Promise.resolve(),
    nowMs: () => 1_000_000,
    log: { debug: () => undefined },
  } as never;
  await noteRestart(message(), ctx, never);
  expect(note).toMatchObject({ messageId: 10 });
  await sayBack(ctx, texts.of('en').restart, never);
  expect([edits, note]).toEqual([1, undefined]);
});
