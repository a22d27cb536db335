import { expect, test } from 'vitest';
import { ChatRefusedError, OfflineError } from '../../../../src/errors.js';
import { answerOptOut, heedOptOut, optOutWord } from '../../../../src/modules/builtin/voice/opt-out.js';
import { placed } from '../../../../src/modules/builtin/voice/queue.js';
import type { VoiceContext } from '../../../../src/modules/builtin/voice/voice-settings.js';
import { moduleMessageOf } from '../../../../src/modules/host/module-message-of.js';
import { SpeechChoices } from '../../../../src/store/speech-choices.js';
import { deadLetterOf } from '../../../../src/voice/dead-letter.js';
import { scopesOf } from '../../../../src/voice/speech-scope.js';
import { voiceJob, voiceMedia, voiceMessage } from '../../../support/messages.js';
import { testRedis } from '../../../support/test-redis.js';
import { annaWrites, savedMessages, supergroup, voiceGround } from './voice-ground.js';

const context = testRedis();
const DAY_MS = 24 * 3600_000;

test('people are tracked by chat, name, id and reply, until a time or for good, listed, and untracked', async () => {
  const { ground, store } = await voiceGround(context.redis);
  expect(await ground.type('.tracked')).toBe('👥 Nobody is tracked yet. In a private chat: .track');
  expect(await ground.type('.track')).toBe('✅ Now tracking: Anna @anna');
  expect(await ground.type('.track @anna 2d')).toBe('👌 Already tracked: Anna @anna (2 d more)');
  expect(await ground.type('.tracked')).toMatch(/^👥 Tracked: 1\n• Anna @anna \(5\), since .+, 2 d more$/);
  await ground.clock.advance(2 * DAY_MS);
  expect(await store.tracked.has('main', '5')).toBe(false);
  expect(await ground.type('.tracked')).toContain('Nobody is tracked');
  ground.gateway.incoming.set(41, annaWrites('hello', { ...supergroup, messageId: 41 }));
  expect(await ground.type('.track', { ...supergroup, replyToMessageId: 41 })).toBe('✅ Now tracking: Anna @anna');
  expect(await ground.type('.untrack 5', savedMessages)).toBe('✅ No longer tracked: Anna @anna');
  expect(await ground.type('.untrack 5', savedMessages)).toBe('👌 Was not tracked: Anna @anna');
});

test('a group is tracked as a whole, from within or by its name; what cannot be tracked is said in one line', async () => {
  const { ground, voice } = await voiceGround(context.redis);
  ground.gateway.chats.push({ peer: { kind: 'channel', id: '12', accessHash: '1' }, title: 'News', broadcast: true });
  const said = voiceMessage({ ...supergroup, sender: { kind: 'user', id: '77', accessHash: '1' } });
  expect(await voice.door.decide(said)).toEqual({ take: false, because: 'not-tracked' });
  expect(await ground.type('.track here 3h', supergroup)).toBe('✅ Now tracking: Title of c9 (for 3 h)');
  expect(await voice.door.decide(said)).toEqual({ take: true, because: 'tracked-chat' });
  expect(await ground.type('.tracked')).toContain('💬 Everyone in: 1\n• Title of c9 (-1009)');
  expect(await ground.type('.untrack -1009', savedMessages)).toBe('✅ No longer tracked: Title of c9');
  await ground.type('.track here', supergroup);
  expect(await ground.type('.untrack здесь', supergroup)).toContain('No longer tracked');
  expect(await ground.type('.track', supergroup)).toContain('Whom?');
  expect(await ground.type('.track @nobody_here', supergroup)).toContain('I do not know @nobody_here');
  expect(await ground.type('.track @anna tomorrow or so')).toContain('I do not understand “tomorrow or so”');
  expect(await ground.type('.track here', { ...supergroup, chatKind: 'channel' })).not.toContain('Now tracking');
});

test('.mode chooses where texts go, for a chat, a person and the account; a voice is taken with what counts then', async () => {
  const { ground, voice, store } = await voiceGround(context.redis, { language: 'ru' });
  expect(await ground.type('.mode')).toBe('📮 Тексты в этом чате: ответом (по умолчанию)');
  expect(await ground.type('.mode saved')).toContain('в «Избранное» (выбрано для этого чата)');
  expect(await ground.type('.mode silent', savedMessages)).toContain('📮 Тексты: никуда, только сохраняется (выбрано для всего аккаунта)');
  expect(await ground.type('.mode @anna quote')).toContain('📮 Тексты (Anna): свёрнутой цитатой (выбрано для этого человека)');
  expect(await ground.type('.mode loud')).toContain('«loud» — такого нет');
  await ground.type('.track');
  expect(await voice.door.take(voiceMessage({ messageId: 50 }), voiceMedia, 'live')).toBe(true);
  expect((await store.queue.find('main:u5:50'))?.job).toMatchObject({ delivery: 'quote', because: 'tracked-person' });
  expect(await ground.type('.mode @anna reset')).toContain('в «Избранное»');
});

test('a caption is chosen only where one can be written', async () => {
  const { ground, voice, store } = await voiceGround(context.redis, { settings: { own: 'everywhere' } });
  await ground.type('.mode caption', savedMessages);
  const own = { outgoing: true, sender: { kind: 'user', id: '1', accessHash: '1' } } as const;
  const cases = [
    [voiceMessage({ ...own, messageId: 60 }), 'caption'],
    [voiceMessage({ ...own, messageId: 61, voice: { ...voiceMedia, kind: 'video-note' } }), 'reply'],
    [voiceMessage({ ...own, messageId: 62, forwarded: true }), 'reply'],
    [voiceMessage({ ...own, messageId: 63, text: 'my own words' }), 'reply'],
  ] as const;
  for (const [given, delivery] of cases) {
    await voice.door.take(given, given.voice!, 'live');
    expect((await store.queue.find(`main:u5:${given.messageId}`))?.job.delivery).toBe(delivery);
  }
});

test('.transcribe makes any voice a job once, and delivers again what was written down', async () => {
  const { ground, store } = await voiceGround(context.redis);
  ground.gateway.incoming.set(70, voiceMessage({ messageId: 70, voice: { ...voiceMedia, kind: 'audio' } }));
  ground.gateway.incoming.set(71, annaWrites('no voice', { messageId: 71 }));
  expect(await ground.type('.transcribe')).toContain('Which one?');
  expect(await ground.type('.transcribe', { replyToMessageId: 71 })).toContain('no sound');
  expect(await ground.type('.transcribe', { replyToMessageId: 70 })).toBe('🎙 Being written down; the text comes under it.');
  expect(await ground.type('.transcribe --me', { replyToMessageId: 70 })).toBe('👌 It is being worked on already.');
  expect((await store.queue.find('main:u5:70'))?.job).toMatchObject({ delivery: 'reply', because: 'demanded' });
  await store.queue.remove('main:u5:70');
  await store.receipts.markDone('main:u5:70', 1, 'text');
  expect(await ground.type('.transcribe -m', { replyToMessageId: 70 })).toBe('🎙 Being written down; the text comes to Saved Messages.');
  expect((await store.receipts.read('main:u5:70')).done).toBe(false);
  expect((await store.queue.find('main:u5:70'))?.job.delivery).toBe('saved');
  await store.optOuts.add('main', { id: '5', name: 'Anna', sinceMs: 1 });
  expect(await ground.type('.transcribe', { replyToMessageId: 70 })).toContain('asked not to be transcribed');
});

test('who does not want it says so once, for themselves alone, and takes it back', async () => {
  const { ground, voice, store } = await voiceGround(context.redis);
  await ground.type('.track');
  const said = async (text: string, over: Parameters<typeof annaWrites>[1] = {}): Promise<string[]> => {
    const before = ground.gateway.messages.size;
    const ctx = ground.host.contextOf('voice') as VoiceContext;
    const heeded = await heedOptOut(moduleMessageOf(annaWrites(text, over)), ctx, voice.ports);
    if (heeded !== undefined) await answerOptOut(heeded, ctx, voice.ports, new AbortController().signal);
    return [...ground.gateway.messages.values()].slice(before).map((one) => one.text);
  };
  expect(await said('please /notranscribe me')).toEqual([]);
  // What is forwarded is somebody else's word, and never gets so far.
  await ground.offer(annaWrites('/notranscribe', { forwarded: true }));
  expect(await said('/NoTranscribe.', { messageId: 41 })).toEqual([
    '🙅 Understood: your voice messages will not be transcribed. To take that back, write: /transcribe me',
    expect.stringContaining('Anna asked not to be transcribed'),
  ]);
  expect(await voice.door.decide(voiceMessage())).toEqual({ take: false, because: 'opted-out' });
  expect(await said('не расшифровывай', { messageId: 42 })).toEqual([]);
  expect(await ground.type('.tracked')).toContain('🙅 Do not want it: 1\n• Anna (5)');
  expect(await ground.type('.track')).toContain('They asked not to be transcribed');
  expect(await said('/transcribe me', { messageId: 43 })).toHaveLength(2);
  expect((await voice.door.decide(voiceMessage())).take).toBe(true);
  // Back and forth is heard, and not answered again.
  expect(await said('/notranscribe', { messageId: 44 })).toEqual([]);
  expect(await store.optOuts.has('main', '5')).toBe(true);
  const stranger = { ...supergroup, sender: { kind: 'user', id: '66', accessHash: '1' } } as const;
  expect(await said('/notranscribe', { ...stranger, messageId: 45 })).toEqual([]);
  expect(await store.optOuts.has('main', '66')).toBe(false);
});

test.each([
  ['ru', 'не расшифровывай', '🙅 Понятно: ваши голосовые расшифровываться не будут. Если передумаете, напишите: можно расшифровывать'],
  ['ru', '/notranscribe', '🙅 Понятно: ваши голосовые расшифровываться не будут. Если передумаете, напишите: можно расшифровывать'],
  ['en', 'не расшифровывай', '🙅 Понятно: ваши голосовые расшифровываться не будут. Если передумаете, напишите: можно расшифровывать'],
  ['en', '/notranscribe', '🙅 Understood: your voice messages will not be transcribed. To take that back, write: /transcribe me'],
] as const)('where the owner reads %s, “%s” is heard where it is written, and answered in the language of who wrote it', async (language, text, answer) => {
  const { ground, store } = await voiceGround(context.redis, { language });
  await ground.offer(annaWrites(text));
  await expect.poll(() => ground.gateway.texts()).toContain(answer);
  expect(await store.optOuts.has('main', '5')).toBe(true);
});

test('where nothing takes it back, nothing is promised', async () => {
  const { ground } = await voiceGround(context.redis, { settings: { 'opt-in-words': [] } });
  await ground.offer(annaWrites('/notranscribe'));
  await expect.poll(() => ground.gateway.texts()).toContain('🙅 Understood: your voice messages will not be transcribed.');
});

test('of a whole group that says so at once, amid a flood and while Telegram lets nobody write, everyone is heard, few are answered, and the module stays on', async () => {
  const { ground, store } = await voiceGround(context.redis);
  await ground.type('.track here', supergroup);
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const sendText = ground.gateway.sendText.bind(ground.gateway);
  ground.gateway.sendText = async (...args) => held.then(() => sendText(...args));
  const members = Array.from({ length: 60 }, (_, at) => ({ ...supergroup, sender: { kind: 'user', id: String(500 + at), accessHash: '1' } }) as const);
  for (const [at, member] of members.entries()) {
    for (const [nth, text] of ['what a flood', 'хватит', '/notranscribe', '!!!'].entries()) ground.watchers.offer(moduleMessageOf(annaWrites(text, { ...member, accountId: 'main', messageId: 2000 + 10 * at + nth })));
  }
  await expect.poll(async () => (await store.optOuts.list('main')).length).toBe(60);
  letGo();
  await expect.poll(() => ground.gateway.texts().filter((text) => text.includes('asked not to be transcribed'))).toHaveLength(12);
  expect(ground.dropped).toEqual([]);
  expect(ground.host.find('voice')?.state).toBe('on');
});

test('a module that is stopped answers nobody any more; started again it does', async () => {
  const { ground, store } = await voiceGround(context.redis);
  const sendText = ground.gateway.sendText.bind(ground.gateway);
  ground.gateway.sendText = (_text, signal) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
  await ground.offer(annaWrites('/notranscribe'));
  await expect.poll(() => store.optOuts.has('main', '5')).toBe(true);
  await ground.host.disable('voice');
  ground.gateway.sendText = sendText;
  await ground.host.enable('voice', new AbortController().signal);
  await ground.offer(annaWrites('/transcribe me', { messageId: 41 }));
  await expect.poll(() => ground.gateway.texts()).toEqual(['👌 Understood: your voice messages may be transcribed again.', '👌 Anna may be transcribed again: they took it back.']);
});

test.each([
  ['/notranscribe', 'out'],
  ['  НЕ   расшифровывай! ', 'out'],
  ['можно расшифровывать', 'in'],
  ['не расшифровывай это письмо', undefined],
  ['...', undefined],
  ['', undefined],
])('"%s" says %s', (text, word) => {
  expect(optOutWord(text, { out: ['/notranscribe', 'не расшифровывай', '!'], in: ['Можно расшифровывать'] })).toBe(word);
});

test('.why tells the rule, what became of the voice and what it cost; of one that is not on record what the rules say now', async () => {
  const { ground, store } = await voiceGround(context.redis);
  const why = (replyToMessageId?: number): Promise<string | undefined> => ground.type('.why', replyToMessageId === undefined ? {} : { replyToMessageId });
  ground.gateway.incoming.set(80, voiceMessage({ messageId: 80 }));
  ground.gateway.incoming.set(81, annaWrites('the text', { messageId: 81, outgoing: true, replyToMessageId: 80 }));
  expect(await why()).toContain('Which one?');
  expect(await why(80)).toBe('⏸ Left alone, because neither person nor chat is tracked (by the rules as they are now).');
  await ground.type('.track');
  expect(await why(80)).toContain('❔ I know nothing of it');
  const job = voiceJob({ messageId: 80, because: 'tracked-person', delivery: 'quote', senderId: '5' });
  await store.queue.add(job);
  expect(await why(80)).toBe('✅ Taken, because the person is tracked.\n⏳ It waits for its turn.');
  await store.queue.remove('main:u5:80');
  const attempt = { audioContext: 'fit', temperature: 0, score: 1 } as const;
  const window = { startMs: 0, endMs: 3000, attempts: [attempt, attempt], kept: 1 };
  const segments = [{ startMs: 0, endMs: 2000, text: 'the text', words: [], avgLogProbability: Math.log(0.9) }];
  const recognition = { segments, language: 'en', languageSureMs: 2000, model: 'nano', engine: 'whisper.cpp', audioMs: 3000, speechMs: 2000, engineMs: 500, windows: [window] };
  await store.transcripts.save('main:u5:80', { text: 'the text', recognition, stageMs: { download: 100, transcribe: 520 }, atMs: 5 });
  await store.receipts.markDone('main:u5:80', 5, 'text');
  expect(await why(81)).toBe(
    [
      '✅ Taken; by which rule is not on record any more.',
      '🎧 3.0 s of sound, 2.0 s of it speech',
      '⚙️ whisper.cpp, nano: 0.5 s',
      '⏱ download 0.1 s · hear 0.5 s',
      '🪟 Windows: 1, heard again: 1',
      '🗣 English (heard in it)',
      '🎯 Confidence: 90%',
    ].join('\n'),
  );
});

test('.why says where a text that was to be a caption stands', async () => {
  const { ground, store } = await voiceGround(context.redis);
  await store.queue.add(voiceJob({ messageId: 85, because: 'own', delivery: 'caption' }));
  await store.receipts.markDone('main:u5:85', 5, 'text');
  ground.gateway.incoming.set(85, voiceMessage({ messageId: 85, outgoing: true }));
  // Answered, and the queue has not let go of it yet.
  expect(await ground.type('.why', { replyToMessageId: 85 })).toBe('✅ Taken, because it is your own, and own voices are on there.\n📮 Delivered: the caption of your own voice');
  await store.receipts.recordPart('main:u5:85', 1, 86);
  expect(await ground.type('.why', { replyToMessageId: 85 })).toContain('📮 Delivered: a reply (it is too long for a caption');
});

test('.why and .retry of a voice that failed', async () => {
  const { ground, store } = await voiceGround(context.redis);
  ground.gateway.incoming.set(90, voiceMessage({ messageId: 90 }));
  const letter = deadLetterOf(voiceJob({ messageId: 90, because: 'demanded', failedTries: 3 }), 'broken-audio', { told: true, atMs: 1 });
  await store.deadLetters.add(letter);
  await store.receipts.markDone('main:u5:90', 1, 'broken-audio');
  expect(await ground.type('.why', { replyToMessageId: 90 })).toBe(
    '✅ Taken, because you asked for it.\n⚠️ Could not write this down: the audio is damaged. Tries: 3.',
  );
  expect(await ground.type('.retry', { replyToMessageId: 90 })).toContain('🔁 Once more');
  expect(await ground.type('.retry', { replyToMessageId: 90 })).toContain('worked on already');
  ground.gateway.incoming.delete(90);
  expect(await ground.type('.retry', { replyToMessageId: 90 })).toContain('The voice message is deleted');
});

test('.queue shows this chat first, each voice with its place and the time until it is ready', async () => {
  const { ground, store } = await voiceGround(context.redis);
  expect(await ground.type('.queue')).toBe('📥 Nothing is in work, nothing waits.');
  const group = { kind: 'channel', id: '9', accessHash: '9' } as const;
  await store.queue.add(voiceJob({ chat: group, messageId: 1, media: { ...voiceMedia, durationSec: 120 } }));
  await store.queue.add(voiceJob({ messageId: 2, media: { ...voiceMedia, durationSec: 60 } }));
  await store.queue.add(voiceJob({ chat: group, messageId: 3, media: { ...voiceMedia, durationSec: 60 } }));
  expect(await ground.type('.queue')).toMatch(
    /^⏳ Waiting: 3\n\d\. this chat, 1\smin · ready in about .+\n1\. Title of c9, 2\smin · ready in about .+\n3\. Title of c9, 1\smin · ready in about 1 min\nAll done in about 1 min\.$|^⏳ Waiting: 3\n1\. this chat/,
  );
});

test('when something will be ready is told only as far as all before it can be told', () => {
  const chat = { kind: 'user', id: '5' } as const;
  const one = (expectedMs?: number, later = false) => ({ chat, durationMs: 1, later, ...(expectedMs !== undefined && { expectedMs }) });
  const readyOf = (...waiting: ReturnType<typeof one>[]): (number | undefined)[] => placed({ active: [one(10)], waiting, hands: 1 }).map(({ readyMs }) => readyMs);
  expect(readyOf(one(5), one(7))).toEqual([15, 22]);
  expect(readyOf(one(), one(7))).toEqual([undefined, undefined]);
  expect(readyOf(one(5), one(7, true))).toEqual([15, undefined]);
});

test('.policy shows the rules in their order, in both languages', async () => {
  for (const [language, own, last] of [['en', 'own voices: in private chats', 'neither person nor chat is tracked'], ['ru', 'свои голосовые: в личных чатах', 'ни человек, ни чат не отслеживается']] as const) {
    const { ground, voice } = await voiceGround(context.redis, { language, settings: { own: 'private' } });
    const table = (await ground.type('.policy')) ?? '';
    expect(table).toContain(own);
    expect(table).toContain(`${voice.ports.policy.rules.length}. ⏸ ${last}`);
    expect(voice.choices.current.own).toBe('private');
  }
});

test('.model, .lang, .vocab and .backlog do what they say', async () => {
  const { ground, models } = await voiceGround(context.redis);
  expect(await ground.type('.model')).toBe('🧠 Model: nano\nOn this machine: nano, small');
  expect(await ground.type('.model SMALL')).toBe('✅ Model from now on: small');
  expect(models).toEqual(['small']);
  expect(await ground.type('.model medium')).toContain('There is no model named medium');
  expect(await ground.type('.lang')).toContain('any language');
  expect(await ground.type('.lang ru,en')).toContain('🗣 Spoken in this chat: Russian (ru) or English (en) (chosen for this chat)');
  expect(await ground.type('.lang @anna ukrainian')).toContain('🗣 Anna speaks: Ukrainian (uk) (chosen for this person)');
  expect(await ground.type('.lang de', savedMessages)).toContain('🗣 Spoken: German (de) (chosen for the whole account)');
  expect(await ground.type('.lang reset')).toContain('German (de) (chosen for the whole account)');
  expect(await ground.type('.lang tlh')).toContain('I do not know the language “tlh”. Give a name');
  expect(await ground.type('.vocab')).toContain('.vocab + Ann-Kathrin, kubectl');
  expect(await ground.type('.vocab + kubectl, Гамаюн')).toBe('📖 In this chat: kubectl, Гамаюн');
  expect(await ground.type('.vocab - nothing')).toContain('Not among them: nothing');
  expect(await ground.type('.vocab - kubectl')).toBe('📖 In this chat: Гамаюн');
  expect(await ground.type('.vocab @anna + Helm')).toBe('📖 Spoken by Anna: Helm\n📖 In this chat: Гамаюн');
  expect(await ground.type('.vocab + Aria', savedMessages)).toBe('📖 In the whole account: Aria');
  expect(await ground.type('.vocab')).toBe('📖 In this chat: Гамаюн\n📖 In the whole account: Aria');
  expect(await ground.type('.vocab @anna - Helm')).toContain('No names or jargon are left here');
  expect(await ground.type('.vocab clear')).toContain('No names or jargon are left here');
  expect(await ground.type('.backlog')).toContain('2 voice messages from 1 chat');
  expect(await ground.type('.backlog answer')).toBe('✅ Writing down: 2 voice messages');
  expect(await ground.type('.backlog perhaps')).toContain('Either .backlog');
});

test('.model chooses for a chat and a person, beside the one for all, and takes it back', async () => {
  const { ground, models } = await voiceGround(context.redis);
  const chosen = new SpeechChoices(context.redis);
  const costs = '⏳ Where memory does not hold both, each change between them costs the time of loading one.';
  expect(await ground.type('.model SMALL here')).toBe(`✅ Chosen.\n💬 In this chat: small (chosen for this chat)\n${costs}`);
  expect(await ground.type('.model')).toBe('🧠 Model: nano\n💬 In this chat: small (chosen for this chat)\nOn this machine: nano, small');
  expect(await ground.type('.model', supergroup)).toBe('🧠 Model: nano\nOn this machine: nano, small');
  for (const line of ['.model @anna nano', '.model nano @anna', '.model nano 5']) expect(await ground.type(line)).toBe('✅ Chosen.\n👤 Voices of Anna: nano (chosen for this person)');
  ground.gateway.incoming.set(41, annaWrites('hello', { ...supergroup, messageId: 41 }));
  const inReply = { ...supergroup, replyToMessageId: 41 };
  expect(await ground.type('.model small', inReply)).toBe(`✅ Chosen.\n👤 Voices of Anna: small (chosen for this person)\n${costs}`);
  expect(await ground.type('.model', inReply)).toBe('🧠 Model: nano\n👤 Voices of Anna: small (chosen for this person)\nOn this machine: nano, small');
  expect(await ground.type('.model here nano', inReply)).toBe('✅ Chosen.\n💬 In this chat: nano (chosen for this chat)');
  expect(await chosen.models('main', [{ of: 'person', id: '5' }, { of: 'chat', peer: { kind: 'channel', id: '9' } }])).toEqual({ person: 'small', chat: 'nano' });
  expect(models).toEqual([]);
  expect(await ground.type('.model reset', inReply)).toBe('✅ What was chosen is taken back.\n👤 Voices of Anna: nano (chosen for this chat)');
  expect(await ground.type('.model @anna сброс', inReply)).toContain('👌 Nothing had been chosen.');
  expect(await ground.type('.model reset here')).toBe('✅ What was chosen is taken back.\n💬 In this chat: nano (as everywhere)');
  expect(await ground.type('.model reset')).toContain('Whose? .model reset here');
  expect(await ground.type('.model small here', savedMessages)).toBe('✅ Model from now on: small');
  expect(await ground.type('.model')).toBe('🧠 Model: small\nOn this machine: nano, small');
});

test('.model keeps no choice that cannot be used, and tells of one whose model was deleted since', async () => {
  const { ground, voice, models } = await voiceGround(context.redis);
  const chosen = new SpeechChoices(context.redis);
  expect(await ground.type('.model smal here')).toContain('Did you mean .model small here?');
  expect(await ground.type('.model @anna smal')).toContain('Did you mean .model @anna small?');
  expect(await ground.type('.model medium here')).toContain('The model medium is not on this machine. Get it on the server: npm run model -- pull medium');
  for (const line of ['.model small now', '.model @anna small here', '.model here here', '.model @anna small @anna']) expect(await ground.type(line)).toContain('This way: .model small · .model small here');
  const scopes = scopesOf({ chat: { kind: 'user', id: '5' }, senderId: '5' });
  expect(await chosen.models('main', scopes)).toEqual({});
  await chosen.chooseModel('main', { of: 'person', id: '5' }, 'gone');
  expect(await ground.type('.model @anna')).toContain('👤 Voices of Anna: gone (chosen for this person; not on this machine)');
  voice.ports.models.onlyOne = true;
  expect(await ground.type('.model small here')).toBe('⚠️ The engine that is set hears everybody by one model. For all: .model small');
  voice.ports.models.onlyOne = false;
  models.push('whisper-1');
  expect(await ground.type('.model small here')).toContain('small cannot be used: the engine that is set uses none of the models on this machine. whisper-1 stays in use');
});

test('the word counts also where Telegram does not say who it is, and its owner is told where the chat takes no answer', async () => {
  const { ground, store } = await voiceGround(context.redis);
  ground.gateway.findPersonById = () => Promise.reject(new OfflineError('away'));
  ground.gateway.failures.push({ method: 'send', error: new ChatRefusedError('CHAT_WRITE_FORBIDDEN', 'closed') });
  await ground.offer(annaWrites('не расшифровывай'));
  await expect.poll(() => [...ground.gateway.places.values()]).toEqual(['u1']);
  expect(await store.optOuts.has('main', '5')).toBe(true);
});
