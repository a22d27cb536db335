import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { textsFor } from '../../src/i18n/texts.js';
import { Backlog, type BacklogDependencies } from '../../src/intake/backlog.js';
import { BacklogStore } from '../../src/store/backlog-store.js';
import { voiceJobId, type VoiceJob } from '../../src/voice/voice-job.js';
import { FakeGateway, lostAnswer } from '../support/fake-gateway.js';
import { voiceJob } from '../support/messages.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const context = testRedis();
const texts = textsFor('en').backlog;
let accounts = 0;

function ground() {
  const store = new BacklogStore(context.redis, `account${(accounts += 1)}`);
  const gateway = new FakeGateway();
  const queued: VoiceJob[] = [];
  const done = new Set<string>();
  const choices: ReturnType<BacklogDependencies['choices']> = { prefix: '.', language: 'en' };
  const make = (): Backlog =>
    new Backlog({
      store,
      isKnown: (jobId) => Promise.resolve(done.has(jobId)),
      enqueue: (job) => Promise.resolve(void queued.push(job)),
      drop: (jobId) => Promise.resolve(void done.add(jobId)),
      gateway,
      choices: () => choices,
      log: silentLog(),
    });
  const late = (messageId: number, chatId = '5'): VoiceJob =>
    voiceJob({ messageId, chat: { kind: 'user', id: chatId, accessHash: '1' }, sentAtMs: messageId });
  return { store, gateway, queued, done, choices, make, late };
}

test('the owner is asked once, is told of more by an edit, and a restart asks nothing anew', async () => {
  const { gateway, make, late } = ground();
  const backlog = make();
  await backlog.ask();
  expect(gateway.texts()).toEqual([]);
  await backlog.setAside(late(1), 'ask');
  await backlog.setAside(late(1), 'ask');
  await backlog.ask();
  await backlog.ask();
  await backlog.setAside(late(2, '6'), 'ask');
  const next = make();
  await next.ask();
  await next.ask();
  expect(gateway.texts()).toEqual([texts.question({ voices: 2, chats: 2 }, '.')]);
  expect(gateway.calls.filter((call) => call.startsWith('edit'))).toHaveLength(1);
});

test('a voice that gets no answer is not asked about again when Telegram tells of it once more', async () => {
  const { make, late } = ground();
  const backlog = make();
  await backlog.setAside(late(1), 'ask');
  expect(await backlog.skip()).toBe(1);
  await backlog.setAside(late(1), 'ask');
  expect((await backlog.summary()).ask.voices).toBe(0);
});

test('a question whose sending broke off is sent once', async () => {
  const { gateway, make, late } = ground();
  const backlog = make();
  await backlog.setAside(late(1), 'ask');
  gateway.failures.push({ method: 'send', error: lostAnswer(), after: true });
  await backlog.ask();
  await backlog.setAside(late(2), 'ask');
  await make().ask();
  expect(gateway.texts()).toEqual([texts.question({ voices: 2, chats: 1 }, '.')]);
});

test('a question that the owner has deleted is asked anew when more comes', async () => {
  const { gateway, make, late } = ground();
  const backlog = make();
  await backlog.setAside(late(1), 'ask');
  await backlog.ask();
  await backlog.setAside(late(2), 'ask');
  gateway.failures.push({ method: 'edit', error: new PermanentError('deleted', 'MESSAGE_ID_INVALID') });
  await backlog.ask();
  expect(gateway.texts().at(-1)).toBe(texts.question({ voices: 2, chats: 1 }, '.'));
  expect(gateway.messages.size).toBe(2);
});

test('answering puts everything into the queue, oldest first; the question says that it is decided', async () => {
  const { gateway, queued, make, late, store } = ground();
  const backlog = make();
  for (const [messageId, because] of [[3, 'ask'], [1, 'too-old'], [2, 'ask']] as const) {
    await backlog.setAside(late(messageId), because);
  }
  await backlog.ask();
  expect(await backlog.summary()).toEqual({ ask: { voices: 2, chats: 1 }, tooOld: { voices: 1, chats: 1 }, dropped: 0 });
  expect(await backlog.answer()).toBe(3);
  expect(queued.map(({ messageId }) => messageId)).toEqual([1, 2, 3]);
  expect(gateway.texts()).toEqual([texts.decided]);
  expect([await store.list(), await store.question(), await backlog.answer()]).toEqual([[], undefined, 0]);
});

test('skipping is counted, and asks again for what comes later', async () => {
  const { gateway, queued, make, late } = ground();
  const backlog = make();
  await backlog.setAside(late(1), 'ask');
  await backlog.ask();
  expect(await backlog.skip()).toBe(1);
  expect(queued).toEqual([]);
  expect((await backlog.summary()).dropped).toBe(1);
  await backlog.setAside(late(2), 'ask');
  await backlog.ask();
  expect(gateway.texts()).toEqual([texts.decided, texts.question({ voices: 1, chats: 1 }, '.')]);
});

test('a voice that was a job once is not set aside when it is found again', async () => {
  const { done, make, late, store } = ground();
  done.add(voiceJobId(late(1)));
  await make().setAside(late(1), 'too-old');
  expect(await store.list()).toEqual([]);
});

test('the question names what the owner can type, in their language and with their prefix of now', async () => {
  const { gateway, choices, make, late } = ground();
  const backlog = make();
  Object.assign(choices, { prefix: '!', language: 'ru' });
  await backlog.setAside(late(1), 'ask');
  await backlog.ask();
  expect(gateway.texts()).toEqual(['🕰 Пока меня не было, пришли сообщения (голосовых: 1, чатов: 1). Расшифровать их?\n\n!backlog ответить\n!backlog пропустить']);
});
