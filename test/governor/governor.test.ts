import { expect, test } from 'vitest';
import { ChatRefusedError, NotNowError, OfflineError, PermanentError, RetryableError, TelegramWaitError } from '../../src/errors.js';
import type { GovernedRequest } from '../../src/governor/governed-request.js';
import { Governor, type WaitStore } from '../../src/governor/governor.js';
import type { PaceName } from '../../src/governor/pace.js';
import type { Urgency } from '../../src/governor/urgency.js';
import { sharedAbort } from '../../src/shared-abort.js';
import type { Peer } from '../../src/telegram/peer.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { recordedLog } from '../support/silent-log.js';

const anna: Peer = { kind: 'user', id: '5', accessHash: '55' };
const boris: Peer = { kind: 'user', id: '6', accessHash: '66' };
const family: Peer = { kind: 'channel', id: '7', accessHash: '77' };
const STEP_MS = 250;

class WaitsInMemory implements WaitStore {
  readonly kept: { scope: string; remainingMs: number }[] = [];
  load(): Promise<{ scope: string; remainingMs: number }[]> {
    return Promise.resolve(this.kept);
  }
  save(scope: string, remainingMs: number): Promise<void> {
    this.kept.push({ scope, remainingMs });
    return Promise.resolve();
  }
}

function ground({ pace = 'normal', random = () => 0, waits = new WaitsInMemory() }: { pace?: PaceName; random?: () => number; waits?: WaitsInMemory } = {}) {
  const clock = new FakeClock();
  const startMs = clock.nowMs();
  const { log, lines } = recordedLog();
  const governor = new Governor({ pace, clock, random, waits, log });
  /** What went to Telegram, and when since the start. */
  const went: { what: string; atMs: number }[] = [];
  const failures: Error[] = [];
  const never = sharedAbort().signal;
  /** Asks; the outcome is 'done' or the error. */
  const ask = (what: string, over: Partial<GovernedRequest> = {}, signal = never): Promise<unknown> => {
    const request: GovernedRequest = { method: 'send', urgency: 'answer', chat: anna, ...over };
    const work = (): Promise<string> => {
      went.push({ what, atMs: clock.nowMs() - startMs });
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
    };
    return governor.run(request, work, signal).catch((error: unknown) => error);
  };
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) await clock.advance(STEP_MS);
  };
  const names = (): string[] => went.map(({ what }) => what);
  return { governor, clock, went, names, failures, ask, pass, lines, waits };
}

const flood = (seconds: number): TelegramWaitError => new TelegramWaitError('wait', seconds * 1000, 'account');
const slowMode = (seconds: number): TelegramWaitError => new TelegramWaitError('slow mode', seconds * 1000, 'chat');

test('the answers to a few voices go at once; a backlog in one chat goes at the pace of that chat', async () => {
  const { ask, pass, went } = ground();
  for (let voice = 0; voice < 8; voice += 1) void ask(String(voice));
  await settle();
  expect(went).toHaveLength(4);
  await pass(6000);
  expect(went).toHaveLength(8);
  expect(went.map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0, 1500, 3000, 4500, 6000]);
});

test('a backlog over many chats goes at the pace of the account', async () => {
  const { ask, pass, went } = ground();
  for (let chat = 0; chat < 30; chat += 1) void ask(String(chat), { chat: { ...anna, id: String(chat) } });
  await settle();
  expect(went).toHaveLength(9);
  await pass(10_000);
  expect(went).toHaveLength(19);
});

test('jitter makes every departure cost more, so nothing goes in step with a clock', async () => {
  const { ask, pass, went } = ground({ random: () => 0.999 });
  for (let voice = 0; voice < 8; voice += 1) void ask(String(voice));
  await pass(6000);
  expect(went.length).toBeLessThan(7);
});

test('no budgets at the pace off', async () => {
  const { ask, names } = ground({ pace: 'off' });
  for (let voice = 0; voice < 50; voice += 1) void ask(String(voice));
  await settle();
  expect(names()).toHaveLength(50);
});

test('a command overtakes the answers that wait, and has a place left for it', async () => {
  const { ask, pass, names } = ground();
  for (let voice = 0; voice < 6; voice += 1) void ask('voice');
  await settle();
  void ask('command', { urgency: 'command', method: 'edit' });
  await settle();
  expect(names()).toEqual(['voice', 'voice', 'voice', 'voice', 'command']);
  void ask('second command', { urgency: 'command' });
  await pass(3000);
  expect(names().at(5)).toBe('second command');
});

test('progress leaves room for answers, and is not waited with', async () => {
  const { ask, names } = ground();
  const progress = { urgency: 'progress', method: 'edit' } as const;
  expect(await ask('10 %', progress)).toBe('done');
  expect(await ask('20 %', progress)).toBe('done');
  expect(await ask('30 %', progress)).toBeInstanceOf(NotNowError);
  await ask('answer');
  await ask('answer');
  expect(names()).toEqual(['10 %', '20 %', 'answer', 'answer']);
});

test('who gives up leaves the line, and those behind move up', async () => {
  const { ask, pass, names, governor } = ground();
  const stop = new AbortController();
  for (let voice = 0; voice < 4; voice += 1) void ask('first');
  const given = ask('given up', {}, stop.signal);
  void ask('behind');
  await settle();
  expect(governor.snapshot().queued).toBe(2);
  stop.abort(new Error('stopping'));
  expect(await given).toMatchObject({ message: 'stopping' });
  await pass(1500);
  expect(names()).toEqual(['first', 'first', 'first', 'first', 'behind']);
});

test('one message of a chat is on its way at a time; after a while without an answer other chats go on', async () => {
  const { governor, clock, pass } = ground();
  const never = new AbortController().signal;
  const went: string[] = [];
  let release: () => void = () => undefined;
  const held = (): Promise<void> => new Promise((resolve) => (release = resolve));
  const send = (what: string, chat: Peer, work = (): Promise<void> => Promise.resolve()): Promise<void> =>
    governor.run({ method: 'send', urgency: 'answer', chat }, () => {
      went.push(what);
      return work();
    }, never);
  void send('held', anna, held);
  void send('same chat', anna);
  void send('other chat', boris);
  await settle();
  expect(went).toEqual(['held']);
  await pass(5000);
  expect(went).toEqual(['held', 'other chat']);
  release();
  await clock.advance(1);
  expect(went).toEqual(['held', 'other chat', 'same chat']);
});

test('a short flood wait is waited for here; nothing is sent or edited in it, in any chat, and nobody types', async () => {
  const { ask, pass, went, failures } = ground();
  failures.push(flood(5));
  const first = ask('first');
  const same = ask('same chat');
  await settle();
  const second = ask('second', { chat: boris });
  const edit = ask('edit', { chat: family, method: 'edit' });
  expect(await ask('typing', { method: 'typing', chat: boris })).toBeInstanceOf(NotNowError);
  await pass(5000);
  expect(went).toHaveLength(1);
  await pass(8000);
  expect(await Promise.all([first, same, second, edit])).toEqual(['done', 'done', 'done', 'done']);
  expect(went.map(({ what }) => what)).toEqual(['first', 'first', 'same chat', 'second', 'edit']);
  expect(went.slice(1).every(({ atMs }) => atMs >= 5000)).toBe(true);
  // Not all at once either: the burst is used up.
  expect(new Set(went.slice(1).map(({ atMs }) => atMs)).size).toBe(4);
});

test('a long flood wait is told to the callers, who come back after it one by one', async () => {
  const { ask, names, failures } = ground();
  failures.push(flood(90));
  const outcomes = await Promise.all([ask('first'), ask('second'), ask('third', { chat: boris })]);
  const waitsMs = outcomes.map((error) => (error as RetryableError).retryAfterMs ?? 0);
  expect(names()).toEqual(['first']);
  expect(outcomes.every((error) => error instanceof RetryableError)).toBe(true);
  expect(waitsMs[0]).toBeGreaterThanOrEqual(90_000);
  expect(waitsMs[1]! - waitsMs[0]!).toBeGreaterThanOrEqual(1000);
  expect(waitsMs[2]! - waitsMs[1]!).toBeGreaterThanOrEqual(1000);
});

test('a command waits longer in person than an answer does', async () => {
  const { ask, pass, names, failures } = ground();
  failures.push(flood(30));
  const command = ask('command', { urgency: 'command' });
  await pass(29_000);
  expect(names()).toHaveLength(1);
  await pass(5000);
  expect(await command).toBe('done');
});

test('slow mode holds new messages in its chat alone, and is kept without being told again', async () => {
  const { ask, pass, names, failures } = ground();
  failures.push(slowMode(30));
  expect(await ask('first', { chat: family })).toBeInstanceOf(RetryableError);
  expect(await ask('edit', { chat: family, method: 'edit' })).toBe('done');
  expect(await ask('elsewhere')).toBe('done');
  await pass(31_000);
  expect(await ask('first again', { chat: family })).toBe('done');
  expect(await ask('second', { chat: family })).toBeInstanceOf(RetryableError);
  expect(names()).toEqual(['first', 'edit', 'elsewhere', 'first again']);
});

test('a wait over a minute outlives the process, a shorter one does not need to', async () => {
  const waits = new WaitsInMemory();
  const before = ground({ waits });
  before.failures.push(flood(40), flood(300));
  await Promise.all([before.ask('one', { method: 'delete' }), before.ask('two')]);
  expect(waits.kept.map(({ scope }) => scope)).toEqual(['write']);
  waits.kept.push({ scope: 'what another version calls it', remainingMs: 1e6 });
  const after = ground({ waits });
  await after.governor.load();
  expect(after.governor.snapshot().waits).toHaveLength(1);
  expect(await after.ask('two')).toBeInstanceOf(RetryableError);
  expect(after.names()).toEqual([]);
});

test('a chat that refuses is not asked again for the next voice, but after a while', async () => {
  const { ask, pass, names, failures, governor } = ground();
  failures.push(new ChatRefusedError('CHAT_WRITE_FORBIDDEN', 'no'));
  expect(await ask('first', { chat: family })).toBeInstanceOf(ChatRefusedError);
  expect(await ask('second', { chat: family })).toMatchObject({ reason: 'cannot-write', code: 'CHAT_WRITE_FORBIDDEN' });
  expect(await ask('typing', { chat: family, method: 'typing' })).toBeInstanceOf(NotNowError);
  expect(await ask('elsewhere')).toBe('done');
  expect(governor.snapshot().refusedChats).toBe(1);
  await pass(10 * 60_000);
  expect(await ask('later', { chat: family })).toBe('done');
  expect(names()).toEqual(['first', 'elsewhere', 'later']);
});

test('the owner may write in a chat that refused, and where that works it is open again', async () => {
  const { ask, names, failures } = ground();
  failures.push(new ChatRefusedError('CHAT_WRITE_FORBIDDEN', 'no'));
  await ask('voice', { chat: family });
  expect(await ask('older answer', { chat: family, method: 'edit' })).toBe('done');
  expect(await ask('voice', { chat: family })).toBeInstanceOf(ChatRefusedError);
  expect(await ask('command', { chat: family, urgency: 'command', method: 'edit' })).toBe('done');
  expect(await ask('next voice', { chat: family })).toBe('done');
  expect(names()).toEqual(['voice', 'older answer', 'command', 'next voice']);
});

test('PEER_FLOOD closes that chat for long and new messages everywhere for minutes', async () => {
  const { ask, pass, names, failures } = ground();
  failures.push(new ChatRefusedError('PEER_FLOOD', 'no'));
  expect(await ask('stranger')).toBeInstanceOf(ChatRefusedError);
  expect(await ask('elsewhere', { chat: boris })).toMatchObject({ retryAfterMs: 300_000 });
  expect(await ask('edit', { chat: boris, method: 'edit' })).toBe('done');
  await pass(301_000);
  expect(await ask('elsewhere', { chat: boris })).toBe('done');
  expect(await ask('stranger')).toBeInstanceOf(ChatRefusedError);
  expect(names()).toEqual(['stranger', 'edit', 'elsewhere']);
});

test('other errors are the caller’s', async () => {
  const { ask, names, failures } = ground();
  for (const error of [new OfflineError('gone'), new PermanentError('deleted', 'gone'), new RetryableError('500')]) {
    failures.push(error);
    expect(await ask('try')).toBe(error);
  }
  expect(await ask('try')).toBe('done');
  expect(names()).toHaveLength(4);
});

test('downloads have no budget, and keep the waits of their own', async () => {
  const { ask, names, failures } = ground();
  const download = { method: 'download' } as const;
  for (let file = 0; file < 30; file += 1) void ask('file', download);
  await settle();
  expect(names()).toHaveLength(30);
  failures.push(flood(60));
  expect(await ask('file', download)).toBeInstanceOf(RetryableError);
  expect(await ask('file', download)).toBeInstanceOf(RetryableError);
  expect(names()).toHaveLength(31);
  expect(await ask('answer')).toBe('done');
});

test('lookups are paced by themselves', async () => {
  const { ask, names } = ground();
  for (let person = 0; person < 25; person += 1) void ask('person', { method: 'find', urgency: 'command' });
  await settle();
  expect(names()).toHaveLength(20);
  expect(await ask('answer')).toBe('done');
});

test('the line has a bound: who comes beyond it is sent back to the queue of jobs', async () => {
  const { ask, governor } = ground();
  const outcomes: Promise<unknown>[] = [];
  for (let voice = 0; voice < 260; voice += 1) outcomes.push(ask('voice'));
  await settle();
  expect(governor.snapshot().queued).toBeLessThanOrEqual(200);
  expect(await outcomes.at(-1)).toMatchObject({ retryAfterMs: 30_000 });
});

test('the snapshot says what is held back, without naming a chat', async () => {
  const { ask, governor, failures, pass } = ground();
  failures.push(slowMode(40), flood(90));
  await ask('group', { chat: family });
  await ask('flooded', { method: 'delete' });
  await ask('sent');
  await pass(1000);
  const snapshot = governor.snapshot();
  expect(snapshot).toMatchObject({ pace: 'normal', sentLastMinute: 1, sentLastHour: 1, queued: 0, refusedChats: 0 });
  expect(snapshot.waits.map(({ kind, chatKind }) => ({ kind, chatKind }))).toEqual([
    { kind: 'delete', chatKind: undefined },
    { kind: 'send', chatKind: 'channel' },
  ]);
  expect(snapshot.waits[0]?.remainingMs).toBe(89_250);
  await pass(60_000);
  expect(governor.snapshot()).toMatchObject({ sentLastMinute: 0, sentLastHour: 1 });
});

test('however much is asked and whatever the urgency, a group never sees more than 20 messages in a minute', async () => {
  const { ask, clock, went } = ground();
  const urgencies: Urgency[] = ['command', 'answer', 'progress'];
  for (let second = 0; second < 180; second += 1) {
    void ask('message', { chat: family, urgency: urgencies[second % 3]!, method: second % 2 === 0 ? 'send' : 'edit' });
    await clock.advance(1000);
  }
  for (const { atMs: fromMs } of went) {
    expect(went.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + 60_000).length).toBeLessThanOrEqual(20);
  }
  expect(went.length).toBeGreaterThan(40);
});
