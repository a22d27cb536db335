import { expect, test } from 'vitest';
import { ChatRefusedError, NotNowError, TelegramWaitError } from '../../src/errors.js';
import { GovernedGateway } from '../../src/governor/governed-gateway.js';
import { GovernedUpdateSource } from '../../src/governor/governed-update-source.js';
import { Governor } from '../../src/governor/governor.js';
import { sharedAbort } from '../../src/shared-abort.js';
import type { Peer } from '../../src/telegram/peer.js';
import type { OutgoingText } from '../../src/telegram/telegram-gateway.js';
import type { UpdateSource } from '../../src/telegram/update-source.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { silentLog } from '../support/silent-log.js';

const anna: Peer = { kind: 'user', id: '5', accessHash: '55' };
const { signal } = sharedAbort();

function ground() {
  const inner = new FakeGateway();
  const clock = new FakeClock();
  const waits = { load: () => Promise.resolve([]), save: () => Promise.resolve() };
  const governor = new Governor({ pace: 'normal', clock, random: () => 0, waits, log: silentLog() });
  const gateway = new GovernedGateway(inner, governor, 'answer');
  return { inner, clock, governor, gateway };
}

const text = (value: string) => ({ text: value, entities: [] });
const answer = (part: number): OutgoingText => ({ chat: anna, text: text(`part ${part}`), randomId: String(part) });

test('a single answer goes at once', async () => {
  const { inner, gateway } = ground();
  expect(await gateway.sendText(answer(1), signal)).toMatchObject({ alreadyStood: false });
  expect(inner.texts()).toEqual(['part 1']);
});

test('a text whose flood wait is short is sent again after it, under the same random id', async () => {
  const { inner, clock, gateway } = ground();
  inner.failures.push({ method: 'send', error: new TelegramWaitError('wait', 2000, 'account') });
  const sent = gateway.sendText(answer(1), signal);
  await settle();
  expect(inner.texts()).toEqual([]);
  for (let second = 0; second < 6; second += 1) await clock.advance(1000);
  await sent;
  expect(inner.texts()).toEqual(['part 1']);
});

test('edits that wait for their turn become one', async () => {
  const { inner, clock, governor, gateway } = ground();
  for (let part = 1; part <= 4; part += 1) await gateway.sendText(answer(part), signal);
  const edits = ['one', 'two', 'three'].map((value) => gateway.editText(anna, 100, text(value), signal));
  await clock.advance(5000);
  await Promise.all(edits);
  expect(inner.calls.filter((call) => call.startsWith('edit'))).toEqual(['edit three']);
  expect(governor.snapshot().coalesced).toBe(2);
});

test('progress is refused where it would have to wait, and typing is dropped without a word', async () => {
  const { inner, gateway, governor } = ground();
  for (let part = 1; part <= 4; part += 1) await gateway.sendText(answer(part), signal);
  const progress = new GovernedGateway(inner, governor, 'progress');
  await expect(progress.editText(anna, 100, text('50 %'), signal)).rejects.toBeInstanceOf(NotNowError);
  inner.failures.push({ method: 'send', error: new ChatRefusedError('USER_IS_BLOCKED', 'no') });
  const command = new GovernedGateway(inner, governor, 'command');
  await expect(command.sendText(answer(5), signal)).rejects.toBeInstanceOf(ChatRefusedError);
  const before = inner.calls.length;
  await gateway.sendTyping(anna, signal);
  expect(inner.calls).toHaveLength(before);
});

test('the way to Telegram is measured without a turn, and who is signed in is known', async () => {
  const { inner, gateway } = ground();
  expect(await gateway.ping(signal)).toBe(42);
  expect(gateway.self).toBe(inner.self);
});

test('what was missed is not asked for again within a wait, over reconnects too', async () => {
  const { governor } = ground();
  let asked = 0;
  const source = new GovernedUpdateSource(
    {
      currentState: () => {
        asked += 1;
        return Promise.reject(new TelegramWaitError('wait', 60_000, 'account'));
      },
    } as unknown as UpdateSource,
    governor,
  );
  for (let connection = 0; connection < 3; connection += 1) {
    await expect(source.currentState(signal)).rejects.toBeInstanceOf(NotNowError);
  }
  expect(asked).toBe(1);
});
