import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { NoSpaceError, OfflineError, PermanentError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import type { Recognition } from '../../src/speech/transcript.js';
import type { VoiceDependencies } from '../../src/voice/voice-dependencies.js';
import { voiceJobId, type VoiceJob } from '../../src/voice/voice-job.js';
import { settle } from '../support/fake-clock.js';
import { lostAnswer } from '../support/fake-gateway.js';
import { testRedis } from '../support/test-redis.js';
import { pipelineGround, recognition } from './support/pipeline-ground.js';

const context = testRedis();
const texts = textsFor('en');
/** As `pipelineGround`, with this file's Redis. */
function ground(over?: Partial<VoiceDependencies>): ReturnType<typeof pipelineGround> {
  return pipelineGround(context.redis, over);
}

test('a voice becomes one reply to it, a transcript and a receipt, and no file is left', async () => {
  const { gateway, run, job, receipts, transcripts, deps } = await ground();
  await run();
  expect([...gateway.messages.values()]).toEqual([{ text: 'hello there.', replyTo: job.messageId }]);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
  expect((await transcripts.read(voiceJobId(job)))?.text).toBe('hello there.');
  expect(await readdir(deps.workspaceRoot)).toEqual([]);
});

test('a try goes on from what an earlier one wrote down, and nothing of that is left once the transcript is on record', async () => {
  const finished = { segments: [], language: 'en', engineMs: 1, report: { startMs: 0, endMs: 900, attempts: [] } };
  const found: number[] = [];
  const { run, job, deps } = await ground({
    recognize: async (_sound, { checkpoint, job: { messageId } }) => {
      expect(messageId).toBe(job.messageId);
      found.push((await checkpoint.read('f')).length);
      await checkpoint.write('f', found.length - 1, finished);
      if (found.length < 3) throw new OfflineError('the engine died');
      return recognition('hello there');
    },
  });
  await expect(run()).rejects.toThrow('the engine died');
  await expect(run()).rejects.toThrow('the engine died');
  await run();
  expect(found).toEqual([0, 1, 2]);
  expect(await deps.checkpoints.of(voiceJobId(job)).read('f')).toEqual([]);
});

test('a job that is run again after it was done does nothing at all', async () => {
  const { gateway, run } = await ground();
  await run();
  const calls = gateway.calls.length;
  await run();
  expect(gateway.calls).toHaveLength(calls);
});

test('when Telegram took the reply and its answer was lost, the next run posts nothing new and transcribes nothing', async () => {
  const { gateway, run, heard, receipts, job } = await ground();
  gateway.failures.push({ method: 'send', error: lostAnswer(), after: true });
  await expect(run()).rejects.toThrow('the connection broke');
  await run();
  expect(gateway.texts()).toEqual(['hello there.']);
  expect(heard).toHaveLength(1);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test('a long text goes out in parts; a run that broke between two of them goes on where it was', async () => {
  const long = 'a sentence that is here again and again. '.repeat(200).trim();
  const { gateway, run } = await ground({ punctuate: () => long });
  gateway.failures.push({ method: 'send', error: lostAnswer(), after: true });
  await expect(run()).rejects.toThrow();
  await run();
  expect(gateway.messages.size).toBe(3);
  expect(gateway.texts().every((text) => text.length <= 4096)).toBe(true);
});

test('no speech is said in words, once', async () => {
  const { gateway, run } = await ground({ recognize: () => Promise.resolve(recognition('')) });
  await run();
  await run();
  expect(gateway.texts()).toEqual([texts.reply.noSpeech]);
});

test('a text of which nothing can be seen counts as no speech, not as no answer', async () => {
  const { gateway, run } = await ground({ punctuate: () => '\u200b' });
  await run();
  expect(gateway.texts()).toEqual([texts.reply.noSpeech]);
});

test('a failure is told with its reason, once, and ends the job', async () => {
  const { gateway, run, receipts, job } = await ground();
  await run({ failure: 'broken-audio' });
  await run({ failure: 'broken-audio' });
  expect(gateway.texts()).toEqual([texts.failures['broken-audio']]);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test.each([
  ['too-large', { sizeBytes: 1_000_001 }],
  ['too-large', { sizeBytes: 2 ** 53 }],
  ['too-long', { durationSec: 3602 }],
  ['too-long', { durationSec: 1e12, sizeBytes: 10 }],
])('what Telegram says is over a limit (%s) is refused before a byte of it is asked for', async (reason, over) => {
  const { gateway, run, job } = await ground();
  await expect(run({ media: { ...job.media, ...over } })).rejects.toMatchObject({ reason });
  expect(gateway.calls.filter((call) => call.startsWith('download'))).toEqual([]);
});

test('what is just within the limits, by a second that clients round up, is downloaded', async () => {
  const { gateway, run, job } = await ground();
  await run({ media: { ...job.media, sizeBytes: 1e6, durationSec: 3601 } });
  expect(gateway.texts()).toEqual(['hello there.']);
});

test.each([
  ['of a known length', { sizeBytes: 900_000, durationSec: 3600 }, 67.2e6 + 0.9e6 + 115.2e6],
  ['of a length that nobody tells', { sizeBytes: 900_000, durationSec: 0 }, 67.2e6 + 0.9e6 + 14.4e6],
])('a voice %s waits for room on the disk before its download', async (_what, over, needed) => {
  let free = needed - 1e6;
  const { gateway, run, job } = await ground({ freeBytes: () => Promise.resolve(free) });
  await expect(run({ media: { ...job.media, ...over } })).rejects.toBeInstanceOf(NoSpaceError);
  expect(gateway.calls.filter((call) => call.startsWith('download'))).toEqual([]);
  free = needed;
  await run({ media: { ...job.media, ...over } });
  expect(gateway.texts()).toEqual(['hello there.']);
});

test('where nobody could read it, a failure is only recorded', async () => {
  const { gateway, run, receipts, job } = await ground();
  await run({ failure: 'cannot-write' });
  expect(gateway.messages.size).toBe(0);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test('an error in a stage is handed on, and the temporary files are gone', async () => {
  const { run, deps } = await ground({ decode: () => Promise.reject(new PermanentError('broken-audio', 'no')) });
  await expect(run()).rejects.toBeInstanceOf(PermanentError);
  expect(await readdir(deps.workspaceRoot)).toEqual([]);
});

test('a long transcription shows typing, then a message with its progress that becomes the text', async () => {
  let isHearing = false;
  let finish: (result: Recognition) => void = () => undefined;
  let progress: Parameters<VoiceDependencies['recognize']>[1]['onProgress'] = () => undefined;
  const { gateway, clock, run } = await ground({
    recognize: (_sound, { onProgress }) => {
      progress = onProgress;
      isHearing = true;
      return new Promise((resolve) => (finish = resolve));
    },
  });
  const done = run();
  await expect.poll(() => gateway.calls).toContain('typing');
  await expect.poll(() => isHearing).toBe(true);
  expect(gateway.messages.size).toBe(0);
  await clock.advance(10_000);
  await expect.poll(() => gateway.messages.size).toBe(1);
  progress({ doneMs: 15_000, totalMs: 60_000, segments: recognition('so far').segments });
  // When the first text is on record, which takes as long as Redis does, the next edit is waited for.
  await expect.poll(async () => (await clock.advance(3000), gateway.texts().join())).toContain('so far');
  finish(recognition('the whole'));
  await done;
  expect(gateway.texts()).toEqual(['the whole.']);
});

test('a progress text of a run that was killed is edited into the answer, not answered beside', async () => {
  const { gateway, run, receipts, job } = await ground();
  gateway.messages.set(99, { text: '25 %' });
  await receipts.recordPart(voiceJobId(job), 1, 99);
  await run();
  expect(gateway.texts()).toEqual(['hello there.']);
});

test('a progress text that somebody deleted does not take the answer with it: it is sent anew, once', async () => {
  const { gateway, run, receipts, job } = await ground();
  await receipts.recordPart(voiceJobId(job), 1, 99);
  const gone = new PermanentError('deleted', 'MESSAGE_ID_INVALID');
  gateway.failures.push({ method: 'edit', error: gone }, { method: 'send', error: lostAnswer(), after: true });
  await expect(run()).rejects.toThrow('the connection broke');
  gateway.failures.push({ method: 'edit', error: gone });
  await run();
  expect([...gateway.messages.values()]).toEqual([{ text: 'hello there.', replyTo: job.messageId }]);
});

test('where the voice is deleted, a progress text is taken away, and a text that stands is left', async () => {
  for (const [written, left] of [[false, 0], [true, 1]] as const) {
    const { gateway, run, receipts, transcripts, job } = await ground();
    gateway.messages.set(99, { text: '25 %' });
    await receipts.recordPart(voiceJobId(job), 1, 99);
    if (written) await transcripts.save(voiceJobId(job), { text: 'x', recognition: recognition('x'), stageMs: {}, atMs: 1 });
    await run({ failure: 'deleted' });
    expect(gateway.messages.size).toBe(left);
  }
});

test('a stop does not wait for Telegram to take a progress text', async () => {
  const { gateway, clock, run, stop } = await ground({
    recognize: (_sound, _of, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  });
  let sending = false;
  gateway.sendText = (_message, signal) => {
    sending = true;
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  };
  const done = run();
  await expect.poll(() => gateway.calls).toContain('typing');
  await clock.advance(10_000);
  await expect.poll(() => sending).toBe(true);
  stop.abort(new Error('stop'));
  await expect(done).rejects.toThrow('stop');
});

test('a progress that cannot be shown does not hurt the transcription', async () => {
  const { gateway, run } = await ground();
  gateway.failures.push({ method: 'typing', error: lostAnswer() });
  await run();
  expect(gateway.texts()).toEqual(['hello there.']);
});

/** What a crash at the worst moment leaves: the answer stands, and nobody knows of it any more. */
async function afterLostReceipts(text?: string) {
  const scene = await ground(text === undefined ? {} : { punctuate: () => text });
  await scene.run();
  scene.gateway.forgetRandomIds();
  await context.redis.flushdb();
  scene.gateway.calls.length = 0;
  return scene;
}

test('an answer that stands is found again when receipt, transcript and random ids are forgotten', async () => {
  const { gateway, run, receipts, job } = await afterLostReceipts();
  gateway.messages.set(1, { text: 'I will call you', replyTo: job.messageId });
  await run({ mayBeAnswered: true });
  expect(gateway.texts().sort()).toEqual(['I will call you', 'hello there.']);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test('so are the parts of a long one, also where only some of them had been sent', async () => {
  const long = 'a sentence that is here again and again. '.repeat(200).trim();
  const { gateway, run, job } = await afterLostReceipts(long);
  const second = [...gateway.messages].find(([, { text }]) => text.startsWith('(2/3)'))?.[0] ?? 0;
  gateway.messages.delete(second);
  await run({ mayBeAnswered: true });
  expect(gateway.texts().map((text) => text.slice(0, 5)).sort()).toEqual(['(1/3)', '(2/3)', '(3/3)']);
  expect([...gateway.messages.values()].every(({ replyTo }) => replyTo === job.messageId)).toBe(true);
});

test('so is a progress text, which becomes the answer', async () => {
  const { gateway, run, job } = await ground();
  gateway.messages.set(99, { text: texts.reply.progress(30), replyTo: job.messageId });
  await run({ mayBeAnswered: true });
  expect(gateway.texts()).toEqual(['hello there.']);
});

test('so is the answer that was sent anew for a progress text which somebody had deleted', async () => {
  const { gateway, run, receipts, job } = await ground();
  await receipts.recordPart(voiceJobId(job), 1, 99);
  gateway.messages.set(120, { text: 'hello there.', replyTo: job.messageId });
  gateway.failures.push({ method: 'edit', error: new PermanentError('deleted', 'MESSAGE_ID_INVALID') });
  await run({ mayBeAnswered: true });
  expect(gateway.texts()).toEqual(['hello there.']);
  expect((await receipts.read(voiceJobId(job))).parts.get(1)).toBe(120);
});

test('a job that cannot have been answered asks nothing of the chat', async () => {
  const { gateway, run } = await ground();
  await run();
  expect(gateway.calls.some((call) => call.startsWith('replies'))).toBe(false);
});

test('where it cannot be seen what stands in the chat, nothing is sent', async () => {
  const { gateway, run } = await ground();
  gateway.failures.push({ method: 'replies', error: lostAnswer() });
  await expect(run({ mayBeAnswered: true })).rejects.toThrow('the connection broke');
  expect(gateway.messages.size).toBe(0);
});

test('where the answer is shorter than the one that stood, the parts too many are taken away', async () => {
  const { gateway, run, receipts, job } = await ground();
  for (const part of [1, 2]) {
    gateway.messages.set(90 + part, { text: `(${part}/2)\nx`, replyTo: job.messageId });
    await receipts.recordPart(voiceJobId(job), part, 90 + part);
  }
  await run();
  expect(gateway.texts()).toEqual(['hello there.']);
});

test('a failure is a dead letter with its cause and all that a retry needs; a deleted voice is none', async () => {
  const { run, deadLetters, job } = await ground();
  await run({ failure: 'download', failureCause: 'LOCATION_INVALID', failedTries: 3, failedAttempts: 2 });
  expect(await deadLetters.find('main', voiceJobId(job))).toMatchObject({
    ...{ reason: 'download', cause: 'LOCATION_INVALID', tries: 3, told: true },
    job: { messageId: job.messageId, media: job.media, failedAttempts: 0, mayBeAnswered: true },
  });
  const other = await ground();
  await other.run({ failure: 'deleted' });
  expect(await other.deadLetters.find('main', voiceJobId(other.job))).toBeUndefined();
});

test('a chat whose access hash is not known is looked up before anything is asked of it', async () => {
  const { gateway, run, job } = await ground();
  const asked: unknown[] = [];
  gateway.findChat = () => Promise.resolve(job.chat);
  gateway.downloadVoice = ({ chat }) => Promise.resolve(void asked.push(chat));
  await run({ chat: { ...job.chat, accessHash: '0' } as VoiceJob['chat'] });
  expect(asked).toEqual([job.chat]);
});

test('without a connection it waits, and an abort ends the wait and the work', async () => {
  const { online, run, stop, gateway } = await ground();
  online.close();
  const waiting = run();
  await settle();
  expect(gateway.calls).toEqual([]);
  stop.abort(new OfflineError('stop'));
  await expect(waiting).rejects.toThrow('stop');
});

test('a silent job is transcribed and on record, and nothing is said in the chat, also where it fails', async () => {
  const { run, job, gateway, transcripts } = await ground();
  const silent: VoiceJob = { ...job, delivery: 'silent' };
  await run(silent);
  expect([gateway.calls.filter((call) => !call.startsWith('download')), gateway.texts()]).toEqual([[], []]);
  expect((await transcripts.read(voiceJobId(job)))?.text).toBe('hello there.');
  const failed = await ground();
  await failed.run({ ...failed.job, delivery: 'silent', failure: 'no-audio' });
  expect(failed.gateway.texts()).toEqual([]);
  expect((await failed.receipts.read(voiceJobId(failed.job))).done).toBe(true);
});
