import { expect, test } from 'vitest';
import { DeadLetters, MAX_DEAD_LETTERS } from '../../src/store/dead-letters.js';
import { OptOuts } from '../../src/store/opt-outs.js';
import { Receipts } from '../../src/store/receipts.js';
import { redisKeys } from '../../src/store/redis-keys.js';
import { RuntimeSettings } from '../../src/store/runtime-settings.js';
import { TrackedList } from '../../src/store/tracked-list.js';
import { Transcripts } from '../../src/store/transcripts.js';
import { deadLetterOf, type DeadLetter } from '../../src/voice/dead-letter.js';
import { voiceJob } from '../support/messages.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('tracked users are kept per account, each once, oldest first', async () => {
  const tracked = new TrackedList(context.redis, redisKeys.trackedUsers);
  expect(await tracked.add('one', { id: '2', name: 'Anna', sinceMs: 2 })).toBe(true);
  expect(await tracked.add('one', { id: '1', name: 'Boris', username: 'boris', sinceMs: 1 })).toBe(true);
  expect(await tracked.add('one', { id: '2', name: 'Anna B.', sinceMs: 3 })).toBe(false);
  expect((await tracked.list('one')).map(({ name }) => name)).toEqual(['Boris', 'Anna B.']);
  expect(await tracked.has('one', '2')).toBe(true);
  expect(await tracked.has('other', '2')).toBe(false);
  expect(await tracked.remove('one', '2')).toBe(true);
  expect(await tracked.remove('one', '2')).toBe(false);
  expect(await tracked.count('one')).toBe(1);
});

test('what is tracked until a time is off the list from that moment on, and may be tracked anew', async () => {
  let nowMs = 1000;
  const tracked = new TrackedList(context.redis, redisKeys.trackedChats, () => nowMs);
  await tracked.add('timed', { id: 'c9', name: 'Family', sinceMs: 1, untilMs: 2000 });
  expect(await tracked.has('timed', 'c9')).toBe(true);
  nowMs = 2000;
  expect([await tracked.has('timed', 'c9'), await tracked.list('timed'), await tracked.count('timed')]).toEqual([false, [], 0]);
  expect(await tracked.remove('timed', 'c9')).toBe(false);
  expect(await tracked.add('timed', { id: 'c9', name: 'Family', sinceMs: 2500 })).toBe(true);
  expect(await tracked.list('timed')).toEqual([{ id: 'c9', name: 'Family', sinceMs: 2500 }]);
});

test('who does not want to be transcribed is kept once, per account, and answered once in a while', async () => {
  const optOuts = new OptOuts(context.redis);
  expect(await optOuts.add('one', { id: '5', name: 'Anna', sinceMs: 1 })).toBe(true);
  expect(await optOuts.add('one', { id: '5', name: 'Anna B.', sinceMs: 2 })).toBe(false);
  expect([await optOuts.has('one', '5'), await optOuts.has('two', '5')]).toEqual([true, false]);
  expect(await optOuts.list('one')).toEqual([{ id: '5', name: 'Anna', sinceMs: 1 }]);
  expect([await optOuts.mayAnswer('one', '5', 'out', 60_000), await optOuts.mayAnswer('one', '5', 'out', 60_000)]).toEqual([true, false]);
  expect([await optOuts.remove('one', '5'), await optOuts.remove('one', '5')]).toEqual([true, false]);
});

test('the chosen model is remembered', async () => {
  const settings = new RuntimeSettings(context.redis);
  expect(await settings.model()).toBeUndefined();
  await settings.chooseModel('small');
  expect(await settings.model()).toBe('small');
});

test('a receipt tells part by part what was sent, and whether all of it stands', async () => {
  const receipts = new Receipts(context.redis);
  expect(await receipts.read('main:u1:1')).toEqual({ parts: new Map(), done: false });
  await receipts.recordPart('main:u1:1', 1, 70);
  await receipts.recordPart('main:u1:1', 2, 71);
  expect((await receipts.read('main:u1:1')).done).toBe(false);
  await receipts.markDone('main:u1:1', 5, 'text');
  expect(await receipts.read('main:u1:1')).toEqual({ parts: new Map([[1, 70], [2, 71]]), done: true, outcome: 'text' });
  await receipts.reopen('main:u1:1');
  expect(await receipts.read('main:u1:1')).toEqual({ parts: new Map([[1, 70], [2, 71]]), done: false });
});

test('a transcript comes back as it was saved, and outcomes are counted', async () => {
  const transcripts = new Transcripts(context.redis);
  const recognition = { segments: [], model: 'nano', engine: 'whisper.cpp', audioMs: 1, speechMs: 0, engineMs: 0 };
  const transcript = { text: '', recognition, stageMs: { decode: 3 }, atMs: 9 };
  await transcripts.save('main:u1:1', transcript);
  expect(await transcripts.read('main:u1:1')).toEqual(transcript);
  expect(await transcripts.read('main:u1:2')).toBeUndefined();
  await transcripts.countOutcome('main', 'no-speech', 1500);
  expect(await transcripts.audioMs('main')).toBe(1500);
  expect(await transcripts.audioMs('other')).toBe(0);
  expect(await transcripts.outcomes('main')).toEqual({ text: 0, 'no-speech': 1, failed: 0 });
});

test('dead letters are listed oldest first, once a job, and the oldest make room', async () => {
  const letters = new DeadLetters(context.redis);
  const letter = (messageId: number, atMs: number): DeadLetter =>
    deadLetterOf(voiceJob({ messageId, failureCause: 'x' }), 'download', { told: true, atMs });
  for (let id = 1; id <= MAX_DEAD_LETTERS + 2; id += 1) await letters.add(letter(id, id));
  expect(await letters.count('main')).toBe(MAX_DEAD_LETTERS);
  await letters.add(letter(10, 5000));
  const listed = (await letters.list('main')).map(({ job }) => job.messageId);
  expect([listed[0], listed.at(-1), listed.length]).toEqual([3, 10, MAX_DEAD_LETTERS]);
  expect(await letters.remove('main', 'main:u5:10')).toBe(true);
  expect(await letters.remove('main', 'main:u5:10')).toBe(false);
  expect(await letters.find('main', 'main:u5:10')).toBeUndefined();
});
