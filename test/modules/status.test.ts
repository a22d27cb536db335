import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { statusCommand, type Status } from '../../src/modules/builtin/status.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { ownCommand } from '../support/messages.js';

const quiet: Status = {
  uptimeMs: 93_784_000,
  memoryBytes: 130 * 1024 ** 2,
  model: 'base',
  engineRunning: true,
  threads: 2,
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
