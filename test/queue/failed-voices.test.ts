import { expect, onTestFinished, test } from 'vitest';
import { FailedVoices } from '../../src/queue/failed-voices.js';
import { VoiceQueue } from '../../src/queue/voice-queue.js';
import { DeadLetters } from '../../src/store/dead-letters.js';
import { Receipts } from '../../src/store/receipts.js';
import { deadLetterOf } from '../../src/voice/dead-letter.js';
import { voiceJobId } from '../../src/voice/voice-job.js';
import { voiceJob } from '../support/messages.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
let nextMessageId = 1;

function ground() {
  const queue = new VoiceQueue(context.redis, silentLog());
  onTestFinished(() => queue.close());
  const [deadLetters, receipts] = [new DeadLetters(context.redis), new Receipts(context.redis)];
  const failed = new FailedVoices({ queue, deadLetters, receipts, nowMs: () => 7 });
  const job = voiceJob({ messageId: nextMessageId++ });
  return { queue, deadLetters, receipts, failed, job, id: voiceJobId(job) };
}

/** A voice that failed, with the failure standing in the chat as message 70. */
async function oneFailed() {
  const scene = ground();
  const { receipts, deadLetters, job, id } = scene;
  await receipts.recordPart(id, 1, 70);
  await receipts.markDone(id, 1, 'download');
  await deadLetters.add(deadLetterOf({ ...job, failure: 'download', failedAttempts: 3 }, 'download', { told: true, atMs: 1 }));
  return scene;
}

test('a retry puts the voice into the queue as new, knows what stands for it, and takes the letter away', async () => {
  const { failed, queue, receipts, deadLetters, id } = await oneFailed();
  expect(await failed.retry('main', id)).toBe('again');
  expect(await receipts.read(id)).toEqual({ parts: new Map([[1, 70]]), done: false });
  expect(await queue.find(id)).toMatchObject({ state: 'waiting', job: { failedAttempts: 0, mayBeAnswered: true } });
  expect((await queue.find(id))?.job.failure).toBeUndefined();
  expect(await deadLetters.count('main')).toBe(0);
  expect(await failed.retry('main', id)).toBe('under-way');
});

test('a retry that was killed before its letter went can be given again', async () => {
  const { failed, queue, receipts, deadLetters, job, id } = await oneFailed();
  await receipts.reopen(id);
  await queue.add(job);
  expect(await failed.retry('main', id)).toBe('under-way');
  await queue.remove(id);
  expect(await failed.retry('main', id)).toBe('again');
  expect(await deadLetters.find('main', id)).toBeUndefined();
});

test('nothing is retried that did not fail', async () => {
  const { failed, id } = ground();
  expect(await failed.retry('main', id)).toBe('unknown');
});

test('a failed voice is dropped from the list; a waiting one from the queue, and never comes back', async () => {
  const { failed, deadLetters, id } = await oneFailed();
  expect(await failed.drop('main', id)).toBe(true);
  expect(await deadLetters.find('main', id)).toBeUndefined();
  expect(await failed.drop('main', id)).toBe(false);
  const other = ground();
  await other.queue.add(other.job);
  expect(await other.failed.drop('main', other.id)).toBe(true);
  expect(await other.queue.find(other.id)).toBeUndefined();
  expect(await other.receipts.read(other.id)).toMatchObject({ done: true, outcome: 'dropped' });
});

test('a voice that is in work is not dropped', async () => {
  const { failed, queue, receipts, job, id } = ground();
  await queue.add(job);
  await queue.giveTurn(id);
  expect(await failed.drop('main', id)).toBe(false);
  expect((await receipts.read(id)).done).toBe(false);
});
