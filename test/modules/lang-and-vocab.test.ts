import { beforeEach, expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { langCommand } from '../../src/modules/builtin/lang.js';
import { vocabCommand } from '../../src/modules/builtin/vocab.js';
import { learned, NOTHING_LEARNED } from '../../src/speech/language/speaker-languages.js';
import { Speakers } from '../../src/store/speakers.js';
import { SpeechChoices } from '../../src/store/speech-choices.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { SpeechKnowledge } from '../../src/voice/speech-knowledge.js';
import { FakeGateway } from '../support/fake-gateway.js';
import { message, ownCommand } from '../support/messages.js';
import { testRedis } from '../support/test-redis.js';

const never = new AbortController().signal;
const context = testRedis();
const anna = { peer: { kind: 'user', id: '5', accessHash: '5' }, name: 'Anna', username: 'anna' } as const;
const group = { chat: { kind: 'group', id: '3' }, chatKind: 'group' } as const;
const saved = { chat: { kind: 'user', id: '1', accessHash: '1' } } as const;

beforeEach(() => context.redis.flushdb());

function knowledge(): SpeechKnowledge {
  const setting = { language: [], vocabulary: ['Redis'] };
  return new SpeechKnowledge({ choices: new SpeechChoices(context.redis), speakers: new Speakers(context.redis), setting, ownerLanguage: 'ru' });
}

/** Types a command in the private chat with Anna, or elsewhere; resolves with the answer, rejects with what was wrong. */
async function type(text: string, over: Partial<IncomingMessage> = {}, language: 'en' | 'ru' = 'en'): Promise<string> {
  const choices = new SpeechChoices(context.redis);
  const known = knowledge();
  const gateway = new FakeGateway();
  gateway.people.push(anna);
  gateway.incoming.set(40, message({ ...group, messageId: 40 }));
  const [name, ...args] = text.split(' ');
  const call = { message: ownCommand(text, over), args, gateway };
  const lang = langCommand({
    inForce: (account, scopes) => known.inForce(account, scopes),
    learned: (account, person) => known.learned(account, person),
    choose: (account, scope, choice) => choices.chooseLanguages(account, scope, choice),
    reset: (account, scope) => choices.resetLanguages(account, scope),
  });
  const vocab = vocabCommand({
    setting: ['Redis'],
    read: (account, scope) => choices.vocabulary(account, scope),
    write: (account, scope, words) => choices.setVocabulary(account, scope, words),
  });
  return (name === '.lang' ? lang : vocab).run(call, textsFor(language).commands, never);
}

const languageOf = async (over: { senderId?: string; group?: boolean } = {}): Promise<readonly string[]> => {
  const chat = over.group === true ? group.chat : ownCommand('x').chat;
  return (await knowledge().listeningTo({ accountId: 'main', chat, ...(over.senderId !== undefined && { senderId: over.senderId }) })).language;
};

test('.lang shows what is spoken here and who said so, in both languages', async () => {
  expect(await type('.lang')).toBe('🗣 Spoken in this chat: any language (by the setting GRAMSCRIBE_SPEECH_LANGUAGE)');
  expect(await type('.lang ru,en')).toBe('✅ From now on.\n🗣 Spoken in this chat: Russian (ru) or English (en) (chosen for this chat)');
  expect(await type('.lang', {}, 'ru')).toBe('🗣 Язык в этом чате: русский (ru) или английский (en) (выбрано для этого чата)');
  expect(await type('.lang сброс', {}, 'ru')).toContain('✅ Выбор отменён.');
  expect(await type('.lang reset')).toContain('👌 Nothing had been chosen.');
});

test('a person beats a chat beats the account beats the setting', async () => {
  await type('.lang de', saved);
  expect(await languageOf({ senderId: '5' })).toEqual(['de']);
  await type('.lang auto', group);
  expect(await languageOf({ senderId: '5', group: true })).toEqual([]);
  await type('.lang русский', { ...group, replyToMessageId: 40 }, 'ru');
  await type('.lang @anna russian english', saved);
  expect(await languageOf({ senderId: '5', group: true })).toEqual(['ru', 'en']);
  expect(await languageOf({ senderId: '6', group: true })).toEqual([]);
  expect(await languageOf({ group: true })).toEqual([]);
  expect(await type('.lang @anna')).toContain('Anna speaks: Russian (ru) or English (en) (chosen for this person)');
  await type('.lang @anna reset');
  expect(await languageOf({ senderId: '5', group: true })).toEqual([]);
});

test.each(['.lang xx', '.lang ru,xx', '.lang klingon', '.lang __proto__', '.lang ru reset', `.lang ${'ru '.repeat(400)}xx`])('%s is refused in a line, and nothing is chosen', async (text) => {
  await expect(type(text)).rejects.toMatchObject({ forOwner: expect.stringContaining('I do not know the language') as string });
  expect(await languageOf()).toEqual([]);
});

test('what was learned of a person is shown, and is in what the engine is told', async () => {
  const speakers = new Speakers(context.redis);
  const certain = { language: 'ru', sureMs: 9000, asked: true, logProbability: -0.2 };
  for (let n = 0; n < 3; n += 1) await speakers.learn('main', '5', certain);
  expect(await type('.lang @anna')).toContain('👂 What I heard of Anna was Russian.');
  const { expectation } = await knowledge().listeningTo({ accountId: 'main', chat: group.chat, senderId: '5' });
  expect(expectation?.speaker).toEqual([certain, certain, certain].reduce(learned, NOTHING_LEARNED));
  expect(expectation?.account?.ru).toBeCloseTo(2.71);
  expect((await knowledge().listeningTo({ accountId: 'main', chat: group.chat, senderId: '6' })).expectation?.speaker).toEqual(NOTHING_LEARNED);
});

test.each([
  ['a recording in which it was certain', { language: 'ru', languageSureMs: 9000 }, { ru: 1 }],
  ['a guess', { language: 'ru', languageSureMs: 0 }, {}],
  ['a language that was given', { language: 'ru' }, {}],
  ['silence', {}, {}],
])('from %s is learned what can be', async (_what, heard, times) => {
  const recognition = { segments: [], model: 'm', engine: 'e', audioMs: 1, speechMs: 1, engineMs: 1, windows: [], ...heard };
  await knowledge().learn({ accountId: 'main', chat: group.chat, senderId: '5' }, recognition);
  expect((await new Speakers(context.redis).read('main', '5')).speaker.times).toEqual(times);
});

test('.vocab shows, adds, takes out and clears; the chat’s words stand behind the account’s', async () => {
  expect(await type('.vocab')).toBe('📖 By the setting GRAMSCRIBE_VOCABULARY: Redis');
  await type('.vocab + Оленька', saved);
  expect(await type('.vocab +Гамаюн, Сан  Саныч')).toBe(
    '📖 In this chat: Гамаюн, Сан Саныч\n📖 In the whole account: Оленька\n📖 By the setting GRAMSCRIBE_VOCABULARY: Redis',
  );
  await type('.vocab + kubectl');
  const { vocabulary } = await knowledge().listeningTo({ accountId: 'main', chat: ownCommand('x').chat });
  expect(vocabulary).toEqual(['Redis', 'Оленька', 'Гамаюн', 'Сан Саныч', 'kubectl']);
  expect(await type('.vocab - гамаюн, KUBECTL')).toContain('In this chat: Сан Саныч\n');
  expect(await type('.vocab очистить', {}, 'ru')).toContain('✅ Имён и терминов здесь больше нет.');
  expect(await type('.vocab', group)).not.toContain('In this chat');
});

test('.vocab says how many words the engine has no room for', async () => {
  expect(await type(`.vocab + ${Array.from({ length: 60 }, (_, n) => `Наименование${n}`).join(', ')}`)).toMatch(/✂️ .*; 4\d are left out here/);
});

test.each([
  ['.vocab Гамаюн', 'This way:'],
  ['.vocab +', 'This way:'],
  ['.vocab + ,', 'This way:'],
  ['.vocab - Никто', 'Not among them: Никто'],
  [`.vocab + ${'x'.repeat(51)}`, 'At most 200 words'],
  ['.vocab + a\u0007b', 'At most 200 words'],
  [`.vocab + ${Array.from({ length: 201 }, (_, n) => `w${n}`).join(',')}`, 'At most 200 words'],
])('%s is refused in a line', async (text, why) => {
  await expect(type(text)).rejects.toMatchObject({ forOwner: expect.stringContaining(why) as string });
});

test('what somebody else wrote under these keys counts for nothing', async () => {
  for (const bad of ['', '{', 'null', '[1]', '{"times":{"ru":"x"}}', 'xx,yy', '\u0000', 'x'.repeat(1000)]) {
    for (const key of ['languages', 'vocabulary', 'speakers']) {
      await context.redis.hset(`gramscribe:main:${key}`, { account: bad, 'chat:g3': bad, 'person:5': bad, 5: bad });
    }
    const known = await knowledge().listeningTo({ accountId: 'main', chat: group.chat, senderId: '5' });
    expect(known, bad).toEqual({ language: [], vocabulary: ['Redis'], expectation: { ownerLanguage: 'ru', account: {}, speaker: NOTHING_LEARNED } });
  }
});
