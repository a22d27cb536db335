import { expect, test } from 'vitest';
import { DeadLetters, MAX_DEAD_LETTERS } from '../../src/store/dead-letters.js';
import { Receipts } from '../../src/store/receipts.js';
import { RuntimeSettings } from '../../src/store/runtime-settings.js';
import { TrackedUsers } from '../../src/store/tracked-users.js';
import { Transcripts } from '../../src/store/transcripts.js';
import { deadLetterOf, type DeadLetter } from '../../src/voice/dead-letter.js';
import { voiceJob } from '../support/messages.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();

test('tracked users are kept per account, each once, oldest first', async () => {
  const tracked = new TrackedUsers(context.redis);
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
  await transcripts.countOutcome('main', 'no-speech');
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
