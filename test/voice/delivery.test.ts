import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { demandVoice } from '../../src/queue/demand-voice.js';
import { voiceJobId, type VoiceJob } from '../../src/voice/voice-job.js';
import { lostAnswer } from '../support/fake-gateway.js';
import { voiceMessage } from '../support/messages.js';
import { testRedis } from '../support/test-redis.js';
import { pipelineGround, recognition } from './support/pipeline-ground.js';

const context = testRedis();
const texts = textsFor('en');

async function ground(text = 'hello there'): ReturnType<typeof pipelineGround> {
  const heard: string[] = [];
  return {
    ...(await pipelineGround(context.redis, { recognize: ({ path }) => (heard.push(path), Promise.resolve(recognition(text))) })),
    heard,
  };
}

test('a quote is collapsed however short it is', async () => {
  const { gateway, run } = await ground();
  const sent: unknown[] = [];
  const sendText = gateway.sendText.bind(gateway);
  gateway.sendText = (outgoing) => (sent.push(outgoing.text.entities), sendText(outgoing));
  await run({ delivery: 'quote' });
  expect(sent).toEqual([[{ type: 'collapsed-quote', offset: 0, length: 12 }]]);
});

test('silent is only recorded', async () => {
  const { gateway, run, transcripts, receipts, job } = await ground();
  await run({ delivery: 'silent' });
  expect(gateway.calls.filter((call) => !call.startsWith('download'))).toEqual([]);
  expect((await transcripts.read(voiceJobId(job)))?.text).toBe('hello there.');
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test('saved stands in Saved Messages alone, with who spoke and a link, and nothing shows in the chat', async () => {
  const { gateway, run, job } = await ground();
  gateway.people.push({ peer: { kind: 'user', id: '5', accessHash: '5' }, name: 'Anna' });
  await run({ delivery: 'saved', senderId: '5' });
  const link = `tg://openmessage?user_id=5&message_id=${job.messageId}`;
  expect([...gateway.messages.values()]).toEqual([{ text: `🎙 Anna · ${link}\nhello there.`, replyTo: undefined }]);
  expect([...gateway.places.values()]).toEqual(['u1']);
  expect(gateway.calls).not.toContain('typing');
});

test.each([
  ['one message', 'hello there', 1],
  ['parts', 'a sentence that is here again and again. '.repeat(200).trim(), 3],
])('what stands in Saved Messages as %s is found again when all that was written down is lost', async (_what, text, count) => {
  const { gateway, run, receipts, job } = await ground(text);
  const saved = { delivery: 'saved', mayBeAnswered: true } as const;
  await run(saved);
  expect(gateway.texts().every((one) => one.length <= 4096)).toBe(true);
  // A voice whose id begins with the same digits, and the owner's own words with that link in them.
  const other = `🎙 tg://openmessage?user_id=5&message_id=${job.messageId}0\nother`;
  const own = `see tg://openmessage?user_id=5&message_id=${job.messageId}\nlater`;
  gateway.messages.set(1, { text: other });
  gateway.messages.set(2, { text: own });
  gateway.forgetRandomIds();
  await context.redis.flushdb();
  await run(saved);
  expect(gateway.messages.size).toBe(count + 2);
  expect(gateway.texts()).toEqual(expect.arrayContaining([other, own]));
  expect((await receipts.read(voiceJobId(job), 'saved')).parts.size).toBe(count);
});

test('when Telegram took the message for Saved Messages and its answer was lost, it is still one', async () => {
  const { gateway, run } = await ground();
  gateway.failures.push({ method: 'send', error: lostAnswer(), after: true });
  await expect(run({ delivery: 'saved' })).rejects.toThrow('the connection broke');
  await run({ delivery: 'saved', mayBeAnswered: true });
  expect(gateway.messages.size).toBe(1);
});

test('a failure is told where the text would have stood', async () => {
  const { gateway, run } = await ground();
  await run({ delivery: 'saved', failure: 'broken-audio' });
  expect(gateway.texts()).toEqual([expect.stringContaining(texts.failures['broken-audio'])]);
  expect([...gateway.places.values()]).toEqual(['u1']);
});

test('the text becomes the caption of the voice itself, also where a try is cut off after it', async () => {
  const { gateway, run, job, receipts } = await ground();
  gateway.messages.set(job.messageId, { text: '' });
  gateway.failures.push({ method: 'edit', error: lostAnswer() });
  await expect(run({ delivery: 'caption' })).rejects.toThrow('the connection broke');
  await run({ delivery: 'caption', mayBeAnswered: true });
  expect([...gateway.messages.values()]).toEqual([{ text: 'hello there.' }]);
  expect((await receipts.read(voiceJobId(job))).done).toBe(true);
});

test.each<[string, string, boolean]>([
  ['there is no speech', '', false],
  ['the text is longer than a caption may be', 'word '.repeat(300), false],
  ['Telegram refuses the edit', 'hello there', true],
])('where %s, what would be a caption is a reply, once', async (_why, text, refuses) => {
  const { gateway, run, job } = await ground(text);
  gateway.messages.set(job.messageId, { text: '' });
  const editText = gateway.editText.bind(gateway);
  gateway.editText = (chat, messageId, shown) =>
    refuses && messageId === job.messageId ? Promise.reject(new PermanentError('cannot-write', 'MESSAGE_EDIT_TIME_EXPIRED')) : editText(chat, messageId, shown);
  gateway.failures.push({ method: 'send', error: lostAnswer(), after: true });
  await expect(run({ delivery: 'caption' })).rejects.toThrow('the connection broke');
  await run({ delivery: 'caption', mayBeAnswered: true });
  expect(gateway.messages.get(job.messageId)?.text).toBe('');
  expect([...gateway.messages.values()].filter(({ replyTo }) => replyTo === job.messageId)).toHaveLength(1);
});

test('what was delivered in one place and is asked for in another stands once in each', async () => {
  const { gateway, run, heard, receipts, deadLetters, job } = await ground();
  await run();
  let again: VoiceJob | undefined;
  const queue = { find: () => Promise.resolve(undefined), addAgain: (one: VoiceJob) => Promise.resolve(((again = one), true)) };
  for (const delivery of ['saved', 'saved', 'reply'] as const) {
    await demandVoice({ ...job, delivery }, { queue, receipts, deadLetters });
    await run(again);
  }
  expect(heard).toHaveLength(1);
  expect([...gateway.places.values()]).toEqual(['u5', 'u1']);
});

test('a caption that the owner has written meanwhile is theirs: the text is a reply', async () => {
  const { gateway, run, job } = await ground();
  gateway.messages.set(job.messageId, { text: 'my own words' });
  gateway.incoming.set(job.messageId, voiceMessage({ messageId: job.messageId, outgoing: true, text: 'my own words' }));
  await run({ delivery: 'caption' });
  expect(gateway.messages.get(job.messageId)?.text).toBe('my own words');
  expect([...gateway.messages.values()].filter(({ replyTo }) => replyTo === job.messageId)).toHaveLength(1);
});

test('a caption of an earlier try is known for ours', async () => {
  const { gateway, run, job } = await ground();
  gateway.messages.set(job.messageId, { text: 'hello there.' });
  gateway.incoming.set(job.messageId, voiceMessage({ messageId: job.messageId, outgoing: true, text: 'hello there.' }));
  await run({ delivery: 'caption', mayBeAnswered: true });
  expect(gateway.messages.size).toBe(1);
});
