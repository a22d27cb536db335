import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { statusCommand, type Status } from '../../src/modules/builtin/status.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { ownCommand } from '../support/messages.js';

const quiet: Status = {
  uptimeMs: 93_784_000,
  memoryBytes: 130 * 1024 ** 2,
  engine: { engine: 'whisper.cpp 1.9.1 (native)', model: 'base', loaded: true, threads: 2, flashAttention: true, realTimeFactor: 0.123, memoryBytes: 388 * 1024 ** 2, restarts: 0 },
  nowMs: 1_000_000,
  trackedUsers: 5,
  queue: { waiting: 0, active: 0, delayed: 0 },
  outcomes: { text: 120, 'no-speech': 3, failed: 2 },
  deadLetters: 0,
  incidents: { message: 0, command: 0, job: 0 },
  governor: { pace: 'normal', waits: [], sentLastMinute: 2, sentLastHour: 40, queued: 0, coalesced: 0, refusedChats: 0 },
  reconnects: 1,
  version: '0.1.0',
};

async function shown(status: Partial<Status>, language: 'en' | 'ru' = 'en'): Promise<string> {
  const call = { message: ownCommand('.status'), args: [], gateway: new FakeGateway() };
  const command = statusCommand(() => Promise.resolve({ ...quiet, ...status }));
  return command.run(call, textsFor(language).commands, new AbortController().signal);
}

test('a quiet day fits on a telephone and says nothing of what did not happen', async () => {
  const lines = (await shown({})).split('\n');
  expect(lines.length).toBeLessThanOrEqual(13);
  expect(lines.join('\n')).toContain('Failures to look at: 0');
  expect(lines.join('\n')).not.toMatch(/asks to wait|take nothing|got over|proxy|undefined|NaN/);
});

test.each(['en', 'ru'] as const)('trouble is named: failures, waits, refusals, errors (%s)', async (language) => {
  const waits = [
    { kind: 'send', remainingMs: 29_001 },
    { kind: 'write', chatKind: 'channel', remainingMs: 10_000 },
  ] as const;
  const text = await shown(
    { deadLetters: 3, incidents: { message: 1, command: 0, job: 4 }, governor: { ...quiet.governor, waits, queued: 7, refusedChats: 2 } },
    language,
  );
  const { units, waitKinds, chatKinds } = textsFor(language).commands.status;
  for (const part of ['3', 'npm run jobs', '.retry', `30 ${units[3]}`, `10 ${units[3]}`, waitKinds.send, chatKinds.channel, '7', '2', '4']) {
    expect(text).toContain(part);
  }
});

test.each(['en', 'ru'] as const)('the engine is shown: what it is, how it runs, how fast, its memory, and why it was restarted (%s)', async (language) => {
  const texts = textsFor(language).commands.status;
  const calm = await shown({}, language);
  for (const part of ['whisper.cpp 1.9.1 (native)', 'base', texts.threads(2), texts.speed(0.123), '388']) expect(calm).toContain(part);
  expect(calm).not.toContain('♻️');
  const lastRestart = { cause: 'out-of-memory', atMs: 1_000_000 - 125_000 } as const;
  const troubled = await shown({ engine: { ...quiet.engine, restarts: 3, lastRestart, trouble: 'SIGILL' } }, language);
  expect(troubled).toContain(texts.restarts(3, `2 ${texts.units[2]} 5 ${texts.units[3]}`, texts.endCauses['out-of-memory']));
  expect(troubled).toContain(texts.engineTrouble('SIGILL'));
});
