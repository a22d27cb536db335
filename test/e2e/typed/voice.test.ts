import { expect } from 'vitest';
import type { SandboxMessage } from '../../../src/sandbox/control/views.js';
import { clip, words } from '../../support/clips.js';
import { silence, videoNoteOf } from '../../support/sound.js';
import { annaSays, answersTo, command } from '../ground.js';
import { typedInBothLanguages, type Typist } from './typist.js';

const CLIP = '04-en.ogg';
const LONG = 'x'.repeat(4000);

/** Nothing is in work any more: a moment before, the answers stand in their chats. */
async function settled(typist: Typist): Promise<void> {
  await expect.poll(() => command(typist, '.queue')).toMatch(/^📥/);
}

/** What stands under a message, by the owner, beside commands. */
async function under(typist: Typist, { key }: SandboxMessage, fits: RegExp): Promise<SandboxMessage> {
  return typist.sandbox.waitForMessage(({ replyToKey, text }) => replyToKey === key && fits.test(text), { timeoutMs: 60_000 });
}

typedInBothLanguages('voice', async (typist) => {
  await tracking(typist);
  await choices(typist);
  await oneVoice(typist);
  await optingOut(typist);
});

async function tracking({ right, wrong, hostile, sandbox, owner, anna, boris }: Typist): Promise<void> {
  const group = sandbox.addSupergroup({ title: 'Family', members: [owner, anna, boris] });
  const said = sandbox.send.text({ from: boris, to: group, text: 'hello' });
  const onlyAnna = { en: /^👥 Tracked: 1\n• Anna @anna_k \(\d+\), since \w+ \d+, \d{4}$/, ru: /^👥 Отслеживаю: 1\n• Anna @anna_k \(\d+\), с \d+ .+ \d{4} г\.$/ };
  await right('.tracked', onlyAnna);
  await right('.track', { en: /^👌 Already tracked: Anna @anna_k$/, ru: /^👌 Уже отслеживаю: Anna @anna_k$/ });
  await right('.track 2d', { en: '👌 Already tracked: Anna @anna_k (2 d more)', ru: '👌 Уже отслеживаю: Anna @anna_k (ещё 2 д)' });
  await right('.tracked', { en: ', 1 d 23 h more', ru: ', ещё 1 д 23 ч' });
  await right('.следить', /: Anna @anna_k$/);
  await right('юекфслув', onlyAnna);
  await right('.track @boris_k 3h', { en: '✅ Now tracking: Boris @boris_k (for 3 h)', ru: '✅ Отслеживаю: Boris @boris_k (на 3 ч)' });
  await right('.untrack @BORIS_K', { en: '✅ No longer tracked: Boris @boris_k', ru: '✅ Больше не отслеживаю: Boris @boris_k' });
  await right('.неследить @boris_k', { en: '👌 Was not tracked: Boris', ru: '👌 И так нет в списке: Boris' });
  await right(`.track ${boris.id} полчаса`, { en: 'Boris @boris_k (for 30 min)', ru: 'Boris @boris_k (на 30 мин)' }, { to: owner });
  await right('.untrack', /^✅ .*Boris/, { to: boris });
  await right('.track https://t.me/boris_k', /^✅ .*Boris/);
  await right(`.untrack ${boris.id}`, /^✅ .*Boris/, { to: owner });
  await right('.track 1 час', /^✅ .*Boris @boris_k \((for 1 h|на 1 ч)\)$/, { to: group, replyTo: said });
  await right('.track здесь 2 дня', { en: '✅ Now tracking: Family (for 2 d)', ru: '✅ Отслеживаю: Family (на 2 д)' }, { to: group });
  await right('.tracked', { en: /💬 Everyone in: 1\n• Family \(-100\d+\), since [^\n]+, 1 d 23 h more$/, ru: /💬 Все в чатах: 1\n• Family \(-100\d+\), с [^\n]+, ещё 1 д 23 ч$/ });
  await right(`.untrack -100${group.id}`, /^✅ .*Family$/, { to: owner });
  await right(`.track -100${group.id} 1h`, { en: '✅ Now tracking: Family (for 1 h)', ru: '✅ Отслеживаю: Family (на 1 ч)' }, { to: owner });
  await right(`.untrack -100${group.id}`, /^✅ .*Family$/, { to: owner });
  await right('.untrack', /^✅ .*Boris/, { to: group, replyTo: said });
  await right('.untrack here', /^👌 .*Family$/, { to: group });
  await right('.policy', {
    en: /^📋 The first rule that fits decides[^]*\n1\. ⏸ it is no voice message\n[^]*✅ the person is tracked\n[^]*\n13?\d\. ⏸ neither[^]*• own voices: nowhere\n• voices of tracked people and chats: everywhere\n• files that count as voices: none\nChange: \.config voice$/,
    ru: /^📋 Решает первое подходящее правило[^]*\n1\. ⏸ это не голосовое\n[^]*✅ человек отслеживается\n[^]*• свои голосовые: нигде\n• голосовые отслеживаемых людей и чатов: везде\n• файлы, которые считаются голосовыми: никакие\nИзменить: \.config voice$/,
  });

  await wrong('.track', { en: '⚠️ Whom? Reply to their message, or give an @name or an id; “here” for everyone in this group.', ru: '⚠️ О ком речь?' }, { to: group });
  await wrong('.untrack', { en: '⚠️ Whom?', ru: '⚠️ О ком речь?' }, { to: group });
  await wrong('.track @nobody_at_all', { en: '⚠️ I do not know @nobody_at_all.', ru: '⚠️ Не знаю, кто такой @nobody_at_all.' });
  await wrong('.track Anna', { en: '⚠️ I do not understand “Anna”. A person is an @name or an id', ru: '⚠️ Не понимаю «Anna». Человек — это @имя или id' });
  await wrong('.track @boris_k 10s', { en: '“10s” does not fit', ru: '«10s» не подходит' });
  await wrong('.track @boris_k 99999d', { en: '3650d', ru: '3650d' });
  await wrong('.track @boris_k tomorrow or so', { en: '“tomorrow or so”', ru: '«tomorrow or so»' });
  await wrong('.track me', { en: '⚠️ Your own voices are not tracked', ru: '⚠️ Свои голосовые не отслеживают' });
  await wrong('.track', '.config voice own everywhere', { to: owner });
  await wrong('.untrack @anna_k 2d', { en: '⚠️ I do not understand “2d”. A person is', ru: '⚠️ Не понимаю «2d». Человек' });
  await wrong('.untrack @anna_k here now', { en: 'One too many: “now”.', ru: '«now»' });
  await wrong('.tracked all', { en: 'One too many: “all”.', ru: '«all»' });
  await wrong('.policy private', { en: 'One too many: “private”.', ru: '«private»' });
  await wrong('.trakc', { en: 'There is no .trakc. Did you mean .track?', ru: '.track' });
  await wrong('.track here', { en: 'Nobody answers in a channel: only groups can be tracked.', ru: 'отслеживать можно только группы' }, { to: sandbox.addChannel({ title: 'News', members: [owner] }) });

  for (const given of ['$(reboot)', '../../etc/passwd', '__proto__', 'constructor', LONG, '\u202eevil\u0007', '99999999999999999999', '-1', '0', 'NaN', '<b>x</b>', '👩‍👩‍👧‍👦', '\ud800', '@anna_k -2d', '@anna_k 1e309d', `@anna_k ${'9'.repeat(300)}d`]) {
    await hostile(`.track ${given}`, /^⚠️ [^\p{Cc}\u202e]{1,300}$/u);
  }
  await hostile('.track "@anna_k', { en: 'never closed', ru: 'не закрыта' });
  for (const given of ['__proto__', '`id`', LONG, '-100999999999', '"']) await hostile(`.untrack ${given}`, /^⚠️ [^\n]{1,300}$/);
  await hostile('.tracked ; rm -rf /', '⚠️');
  await hostile('.policy --__proto__ x', '⚠️');
  await right('.отслеживаемые', onlyAnna);
}

async function choices(typist: Typist): Promise<void> {
  const { right, wrong, hostile, sandbox, owner, boris } = typist;
  await right('.mode', { en: '📮 Texts in this chat: a reply (by default)', ru: '📮 Тексты в этом чате: ответом (по умолчанию)' });
  await right('.mode тихо', { en: /^✅ Chosen\.\n📮 Texts: nowhere, only recorded \(chosen for the whole account\)$/, ru: /^✅ Выбрано\.\n📮 Тексты: никуда, только сохраняется \(выбрано для всего аккаунта\)$/ }, { to: owner });
  await right('.режим @boris_k цитата', { en: '📮 Texts of Boris: a collapsed quote (chosen for this person)', ru: '📮 Тексты (Boris): свёрнутой цитатой (выбрано для этого человека)' });
  await right('.mode CAPTION', { en: '(chosen for this chat)', ru: '(выбрано для этого чата)' }, { to: boris });
  await right('.mode saved', { en: 'Saved Messages (chosen for this chat)', ru: 'в «Избранное» (выбрано для этого чата)' });
  const voice = annaSays(typist, CLIP);
  expect(await answersTo(typist, voice)).toEqual([]);
  const saved = sandbox.messagesOf(sandbox.privateChat(owner, owner).key, owner).findLast(({ text }) => text.startsWith('🎙 Anna'));
  expect(words(saved?.text.split('\n')[1] ?? '')).toBe(clip(CLIP).text);
  await right('.mode сброс', { en: /^✅ What was chosen is taken back\.\n📮 Texts in this chat: nowhere/, ru: /^✅ Выбор отменён\.\n📮 Тексты в этом чате: никуда/ });
  await right('.mode reset', { en: '👌 Nothing had been chosen.', ru: '👌 Ничего и не было выбрано.' });
  await right('.mode reset', '✅', { to: owner });
  await wrong('.mode loud', { en: 'There is no “loud”. Choose reply, quote, caption, saved, silent, or reset.', ru: '«loud» — такого нет. Выберите ответ, цитата, подпись, избранное, тихо или сброс.' });
  await wrong('.mode @nobody_at_all quote', '@nobody_at_all');
  await wrong('.mode quote now', { en: 'One too many: “now”.', ru: '«now»' });
  for (const given of ['__proto__', 'constructor', '; rm -rf /', LONG, '\u202equote', '"quote']) await hostile(`.mode ${given}`, /^⚠️ [^\n\u202e]{1,300}$/);
  await right('.mode', { en: 'a reply (by default)', ru: 'ответом (по умолчанию)' });

  await right('.lang', { en: '🗣 Spoken in this chat: any language (by the setting GRAMSCRIBE_SPEECH_LANGUAGE)', ru: '🗣 Язык в этом чате: любой язык (по настройке GRAMSCRIBE_SPEECH_LANGUAGE)' });
  await right('.lang ru,en', { en: /^✅ Chosen\.\n🗣 Spoken in this chat: Russian \(ru\) or English \(en\) \(chosen for this chat\)$/, ru: 'русский (ru) или английский (en) (выбрано для этого чата)' });
  await right('.язык русский', { en: 'Russian (ru)', ru: 'русский (ru)' });
  await right('.lang @boris_k Ukrainian', { en: '🗣 Boris speaks: Ukrainian (uk) (chosen for this person)', ru: '🗣 Язык (Boris): украинский (uk) (выбрано для этого человека)' });
  await right('.lang de', { en: '🗣 Spoken: German (de) (chosen for the whole account)', ru: '🗣 Язык: немецкий (de) (выбрано для всего аккаунта)' }, { to: owner });
  await right('.lang авто', { en: 'any language (chosen for this chat)', ru: 'любой язык (выбрано для этого чата)' });
  await right('.lang сброс', { en: 'German (de) (chosen for the whole account)', ru: 'немецкий (de) (выбрано для всего аккаунта)' });
  await right('.lang reset', '✅', { to: owner });
  await right('.lang reset', { en: '🗣 Boris speaks: any language', ru: '🗣 Язык (Boris): любой язык' }, { to: boris, replyTo: sandbox.send.text({ from: boris, to: owner, text: 'hi' }) });
  await wrong('.lang rusian', { en: 'I do not know the language “rusian”. Did you mean russian?', ru: 'Не знаю языка «rusian». Может быть, russian?' });
  await wrong('.lang en, tlh', { en: '“tlh”. Give a name or a code', ru: '«tlh». Укажите название или код' });
  await wrong('.lang en авто', { en: 'Auto stands alone: it is any language.', ru: '«Авто» указывается без других' });
  await wrong('.lang ru,en,de,fr,es,it,pl,uk,pt,nl,sv', { en: 'At most 10 languages', ru: 'Не больше 10 языков' });
  for (const given of ['__proto__', 'constructor', 'hasOwnProperty', LONG, '\u202een', '$(id)', ',,,', '-1', '\ud83d']) await hostile(`.lang ${given}`, /^⚠️ [^\n\u202e]{1,300}$/);

  await right('.vocab', { en: '📖 No names or jargon yet. Add some: .vocab + Ann-Kathrin, kubectl', ru: '📖 Имён и терминов пока нет. Добавить: .vocab + Гамаюн, kubectl' });
  await right('.vocab + Гамаюн, kubectl', { en: /^📖 In this chat: Гамаюн, kubectl$/, ru: /^📖 В этом чате: Гамаюн, kubectl$/ });
  await right('.словарь — KUBECTL', /: Гамаюн$/);
  await right('.vocab +Redis', /: Redis$/, { to: owner });
  await right('.vocab', { en: /^📖 In this chat: Гамаюн\n📖 In the whole account: Redis$/, ru: /^📖 В этом чате: Гамаюн\n📖 Во всём аккаунте: Redis$/ });
  await right('.vocab очистить', { en: /^✅ No names or jargon are left here\.\n📖 In the whole account: Redis$/, ru: /^✅ Имён и терминов здесь больше нет\.\n📖 Во всём аккаунте: Redis$/ });
  await right('.vocab clear', { en: '✅ No names or jargon are left here.', ru: '✅ Имён и терминов здесь больше нет.' }, { to: owner });
  await right('.vocab @boris_k + Helm', { en: '📖 Spoken by Boris: Helm', ru: '📖 В голосовых (Boris): Helm' });
  await right('.словарь clear', { en: '✅ No names or jargon are left here.', ru: '✅ Имён и терминов здесь больше нет.' }, { to: boris, replyTo: sandbox.send.text({ from: boris, to: owner, text: 'Helm?' }) });
  await wrong('.vocab @nobody_at_all + x', '@nobody_at_all');
  await wrong('.vocab kubectl', { en: 'This way: .vocab + Ann-Kathrin, kubectl', ru: 'Так: .vocab + Гамаюн, kubectl · .vocab - kubectl · .vocab очистить' });
  await wrong('.vocab +', { en: 'This way:', ru: 'Так:' });
  await wrong('.vocab - nothing', { en: 'Not among them: nothing', ru: 'Таких нет: nothing' });
  await wrong(`.vocab + ${'y'.repeat(51)}`, { en: 'At most 200 words of up to 50 characters each', ru: 'Не больше 200 слов' });
  await wrong(`.vocab + ${Array.from({ length: 201 }, (_, at) => `w${at}`).join(',')}`, { en: 'At most 200 words', ru: 'Не больше 200 слов' });
  for (const given of ['\u202ekubectl', 'a\u0007b', '!!!', LONG]) await hostile(`.vocab + ${given}`, /^⚠️ [^\n\u202e]{1,300}$/);
  await hostile(`.vocab - ${LONG}`, /^⚠️ [^\n]{1,300}$/);
  await hostile('.vocab + __proto__, constructor, $(id), <b>x</b>', ': __proto__, constructor, $(id), <b>x</b>');
  await right('.vocab clear', '✅');

  await right('.model', { en: /^🧠 Model: nano\nOn this machine: .*nano/, ru: /^🧠 Модель: nano\nНа этой машине: .*nano/ });
  await right('.модель NANO', { en: '🧠 Model: nano', ru: '🧠 Модель: nano' });
  await wrong('.model nanoo', { en: 'There is no model named nanoo. Did you mean .model nano?', ru: 'Модели с именем nanoo нет. Может быть, .model nano?' });
  const chosenHere = { en: /^✅ Chosen\.\n💬 In this chat: nano \(chosen for this chat\)$/, ru: /^✅ Выбрано\.\n💬 В этом чате: nano \(выбрано для этого чата\)$/ };
  await right('.model nano here', chosenHere);
  await right('.ьщвуд здесь Nano', chosenHere);
  await right('.модель @boris_k nano', { en: '👤 Voices of Boris: nano (chosen for this person)', ru: '👤 Голосовые (Boris): nano (выбрано для этого человека)' });
  await right('.model Nano @boris_k', { en: '👤 Voices of Boris: nano (', ru: '👤 Голосовые (Boris): nano (' });
  await right('.model', { en: /^🧠 Model: nano\n💬 In this chat: nano \(chosen for this chat\)\nOn this machine: /, ru: /^🧠 Модель: nano\n💬 В этом чате: nano \(выбрано для этого чата\)\nНа этой машине: / });
  await right('.model', { en: '\n👤 Voices of Boris: nano (', ru: '\n👤 Голосовые (Boris): nano (' }, { to: boris, replyTo: sandbox.send.text({ from: boris, to: owner, text: 'which?' }) });
  await right('.model здесь', { en: '💬 In this chat: nano (', ru: '💬 В этом чате: nano (' });
  await right('.model сброс here', { en: /^✅ What was chosen is taken back\.\n💬 In this chat: nano \(as everywhere\)$/, ru: /^✅ Выбор отменён\.\n💬 В этом чате: nano \(как везде\)$/ });
  await right('.model @boris_k reset', { en: '✅ What was chosen is taken back.\n👤 Voices of Boris: nano (as everywhere)', ru: '✅ Выбор отменён.\n👤 Голосовые (Boris): nano (как везде)' });
  await right('.model reset here', { en: '👌 Nothing had been chosen.', ru: '👌 Ничего и не было выбрано.' });
  await right('.model nano здесь', { en: /^🧠 Model: nano$/, ru: /^🧠 Модель: nano$/ }, { to: owner });
  await wrong('.model nano small', { en: 'This way: .model small · .model small here · .model @anna_k small · .model reset here', ru: 'Так: .model small · .model small здесь · .model @anna_k small · .model сброс здесь' });
  await wrong('.model nanoo here', { en: 'Did you mean .model nano here?', ru: 'Может быть, .model nano здесь?' });
  await wrong('.model @boris_k nanoo', { en: 'Did you mean .model @boris_k nano?', ru: 'Может быть, .model @boris_k nano?' });
  await wrong('.model large-v1 here', 'npm run model -- pull large-v1');
  await wrong('.model @boris_k nano here', { en: 'This way: .model', ru: 'Так: .model' });
  await wrong('.model @nobody_at_all nano', '@nobody_at_all');
  await wrong('.model reset', { en: 'Whose? .model reset here', ru: 'Чей выбор отменить? .model сброс здесь' });
  await wrong('.model nano here now', { en: 'One too many: “now”.', ru: '«now»' });
  for (const given of ['../../etc/passwd here', 'here __proto__', '@boris_k constructor', 'nano -1', 'nano https://t.me/__proto__', `@boris_k ${LONG}`, `${LONG} here`, '\u202enano here', '@boris_k "nano', '99999999999999999999 nano', 'nano\u0007 here', '$(id) here', '👩‍👩‍👧‍👦 здесь']) {
    await hostile(`.model ${given}`, /^⚠️ [^\p{Cc}\u202e]{1,300}$/u);
  }
  for (const given of ['../../etc/passwd', '__proto__', 'constructor', LONG, '; id', '\u202enano', 'nano.bin/../nano', '"nano']) await hostile(`.model ${given}`, /^⚠️ [^\n\u202e]{1,300}$/);
  await right('.model', ': nano\n');
}

async function oneVoice(typist: Typist): Promise<void> {
  const { right, wrong, hostile, sandbox, owner, anna, boris } = typist;
  const { send } = sandbox;
  const bytes = await silence(1);
  const noSpeech = /^🔇/;
  const queued = { en: '🎙 Being written down; the text comes under it.', ru: '🎙 Расшифровываю; текст появится под голосовым.' };
  const said = clip(CLIP);
  const voice = send.voice({ from: boris, to: owner, bytes: said.bytes, durationSec: said.durationSec });
  const place = { to: boris, replyTo: voice };
  await right('.why', { en: '⏸ Left alone, because neither person nor chat is tracked (by the rules as they are now).', ru: '⏸ Не трогаю, потому что ни человек, ни чат не отслеживается (по правилам, как они сейчас).' }, place);
  await right('.расшифруй', queued, place);
  const text = await under(typist, voice, /^[^.🎙⏸⚠✅]/u);
  await expect.poll(() => words(sandbox.message(text).text)).toBe(said.text);
  await settled(typist);
  const cost = {
    en: /^✅ Taken, because you asked for it\.\n📮 Delivered: a reply\n🎧 \d+\.\d s of sound, \d+\.\d s of it speech\n⚙️ whisper\.cpp, nano: \d+\.\d s\n⏱ download \d+\.\d s · decode [^\n]+ · hear [^\n]+\n🪟 Windows: 1[^\n]*\n🗣 English[^\n]+\n🎯 Confidence: \d+%$/,
    ru: /^✅ Взято, потому что вы об этом попросили\.\n📮 Текст отправлен: ответом\n🎧 \d+,\d с звука, из них речи \d+,\d с\n⚙️ whisper\.cpp, nano: \d+,\d с\n⏱ загрузка \d+,\d с · декодирование [^\n]+ · распознавание [^\n]+\n🪟 Окон: 1[^\n]*\n🗣 английский[^\n]+\n🎯 Уверенность: \d+\u00a0%$/,
  };
  await right('.why', cost, place);
  await right('.почему', cost, { to: boris, replyTo: text });

  const note = send.videoNote({ from: boris, to: owner, bytes: await videoNoteOf(CLIP), durationSec: said.durationSec });
  const forwarded = send.forward({ from: owner, to: boris, message: send.voice({ from: anna, to: owner, bytes, durationSec: 1 }) });
  const [, second] = ['one.mp3', 'two.mp3'].map((fileName) => send.audio({ from: boris, to: owner, bytes, durationSec: 1, fileName }));
  await right('.transcribe', queued, { to: boris, replyTo: note });
  await right('.transcribe', queued, { to: boris, replyTo: forwarded });
  await right('.transcribe', queued, { to: boris, replyTo: second! });
  await under(typist, forwarded, noSpeech);
  await under(typist, second!, noSpeech);
  await settled(typist);
  await right('.transcribe --me', { en: '🎙 Being written down; the text comes to Saved Messages.', ru: '🎙 Расшифровываю; текст придёт в «Избранное».' }, place);
  await settled(typist);
  expect(words(sandbox.messagesOf(sandbox.privateChat(owner, owner).key, owner).findLast((one) => one.text.startsWith('🎙 Boris'))?.text.split('\n')[1] ?? '')).toBe(said.text);

  const letGo = sandbox.faults.hold('upload.GetFile');
  const held = send.voice({ from: anna, to: owner, bytes, durationSec: 61 });
  await expect.poll(() => command(typist, '.queue')).toMatch(/^🎙 (In work|В работе): 1\n/);
  await right('.transcribe -m', { en: '👌 It is being worked on already.', ru: '👌 Уже в работе.' }, { replyTo: held });
  await right('.why', { en: '✅ Taken, because the person is tracked.\n🎙 It is in work.', ru: '✅ Взято, потому что человек отслеживается.\n🎙 В работе.' }, { replyTo: held });
  await right('.retry', { en: '👌 It is being worked on already.', ru: '👌 Уже в работе.' }, { replyTo: held });
  send.voice({ from: anna, to: owner, bytes, durationSec: 1 });
  await expect.poll(() => command(typist, '.queue')).toContain('⏳');
  await right('.очередь', { en: /^🎙 In work: 1\n• this chat, 61\ssec\n⏳ Waiting: 1\n1\. this chat, 1\ssec( · ready in about [^\n]+\nAll done in about [^\n]+)?$/, ru: /^🎙 В работе: 1\n• этот чат, 61\sс\n⏳ Ждут: 1\n1\. этот чат, 1\sс( · примерно через [^\n]+\nВсё будет готово примерно через [^\n]+)?$/ });
  letGo();
  await settled(typist);
  await right('.queue', { en: '📥 Nothing is in work, nothing waits.', ru: '📥 В работе ничего нет, в очереди тоже.' });

  sandbox.faults.failNext('upload.GetFile', { code: 400, message: 'LOCATION_INVALID' });
  const failing = send.voice({ from: anna, to: owner, bytes, durationSec: 1 });
  const failure = await under(typist, failing, /^⚠️/);
  await settled(typist);
  await right('.why', { en: /^✅ Taken, because the person is tracked\.\n⚠️ .+ Tries: 1\.$/, ru: /^✅ Взято, потому что человек отслеживается\.\n⚠️ .+ Попыток: 1\.$/ }, { replyTo: failure });
  await right('.повтори', { en: '🔁 Once more; the answer stands under the voice message.', ru: '🔁 Пробую ещё раз; текст появится в ответе на голосовое.' }, { replyTo: failure });
  await expect.poll(() => sandbox.message(failure).text).toMatch(noSpeech);
  await settled(typist);
  await wrong('.retry', { en: '⚠️ Nothing to retry here: this did not fail.', ru: '⚠️ Здесь нечего повторять: неудачи не было.' }, { replyTo: failing });

  const plain = send.text({ from: anna, to: owner, text: 'no sound here' });
  const gone = send.voice({ from: boris, to: owner, bytes, durationSec: 1 });
  send.delete(gone);
  const elsewhere = { to: boris, replyTo: gone };
  await wrong('.transcribe', { en: '⚠️ Which one? Reply to the voice message.', ru: '⚠️ Какое? Ответьте на голосовое.' });
  await wrong('.transcribe', { en: '⚠️ That message has no sound in it.', ru: '⚠️ В этом сообщении нет звука.' }, { replyTo: plain });
  await wrong('.transcribe --mee', { en: 'Did you mean --me?', ru: '--me' }, { replyTo: plain });
  await wrong('.why', { en: '⚠️ Which one?', ru: '⚠️ Какое?' });
  await wrong('.why', { en: 'because it is no voice message', ru: 'потому что это не голосовое' }, { replyTo: plain });
  await wrong('.why not', { en: 'One too many: “not”.', ru: '«not»' });
  await wrong('.retry', { en: '⚠️ Which one?', ru: '⚠️ Какое?' });
  await wrong('.retry', { en: '⚠️ Nothing to retry here', ru: '⚠️ Здесь нечего повторять' }, { replyTo: plain });
  await wrong('.queue all', { en: 'One too many: “all”.', ru: '«all»' });
  await hostile('.transcribe', '⚠️', elsewhere);
  await hostile('.why', { en: '⚠️ The voice message is deleted', ru: '⚠️ Голосовое удалено' }, elsewhere);
  await hostile('.retry', { en: '⚠️ The voice message is deleted', ru: '⚠️ Голосовое удалено' }, elsewhere);
  for (const name of ['transcribe', 'why', 'retry', 'queue', 'backlog']) {
    for (const given of ['$(reboot)', '--__proto__', LONG, '\u202e\u0007x', '"', '-1']) await hostile(`.${name} ${given}`, /^⚠️ [^\p{Cc}\u202e]{1,300}$/u, { replyTo: failing });
  }

  await right('.backlog', { en: /^🕰 No voice message is set aside\.$/, ru: /^🕰 Отложенных голосовых нет\.$/ });
  await right('.отложенные ответить', { en: '👌 There is nothing to answer.', ru: '👌 Отвечать не на что.' });
  await right('.backlog skip', { en: '👌 There is nothing to skip.', ru: '👌 Пропускать нечего.' });
  await wrong('.backlog perhaps', { en: '⚠️ Either .backlog, .backlog answer or .backlog skip', ru: '⚠️ Так: .backlog' });
}

async function optingOut(typist: Typist): Promise<void> {
  const { right, language, sandbox, owner, anna, boris } = typist;
  const { send } = sandbox;
  const bytes = await silence(1);
  const says = (from: typeof anna, text: string): SandboxMessage => send.text({ from, to: owner, text });
  // Somebody else's word, and words about it.
  send.forward({ from: anna, to: owner, message: says(boris, 'не расшифровывай это') });
  says(anna, 'please do not write /notranscribe');
  await right('.tracked', { en: /^👥 Tracked: 1\n[^\n]+$/, ru: /^👥 Отслеживаю: 1\n[^\n]+$/ });

  const out = { en: '🙅 Understood: your voice messages will not be transcribed. To take that back, write: /transcribe me', ru: '🙅 Понятно: ваши голосовые расшифровываться не будут. Если передумаете, напишите: можно расшифровывать' };
  const back = { en: '👌 Understood: your voice messages may be transcribed again.', ru: '👌 Понятно: ваши голосовые снова можно расшифровывать.' };
  expect((await under(typist, says(anna, '/NoTranscribe!'), /^🙅/)).text).toBe(out[language]);
  expect((await under(typist, says(boris, 'Не  расшифровывать.'), /^🙅/)).text).toBe(out.ru);
  await expect.poll(() => sandbox.messagesOf(sandbox.privateChat(owner, owner).key, owner).map(({ text }) => text)).toContain(
    language === 'en' ? '🙅 Anna asked not to be transcribed. Their voices are left alone until they take that back; .tracked lists them.' : '🙅 Anna просит не расшифровывать. Пока не передумает, голосовые не трогаю; список — .tracked.',
  );
  const voice = send.voice({ from: anna, to: owner, bytes, durationSec: 1 });
  await right('.why', { en: '⏸ Left alone, because the person does not want it', ru: '⏸ Не трогаю, потому что человек этого не хочет' }, { replyTo: voice });
  await typist.wrong('.transcribe', { en: '⚠️ Who said that asked not to be transcribed.', ru: '⚠️ Тот, кто это сказал, просил не расшифровывать.' }, { replyTo: voice });
  await right('.track', { en: '\n🙅 They asked not to be transcribed', ru: '\n🙅 Этот человек просил не расшифровывать' });
  await right('.tracked', { en: /\n\n🙅 Do not want it: 2\n• Anna \(\d+\), since [^\n]+\n• Boris \(\d+\), since [^\n]+$/, ru: /\n\n🙅 Просили не расшифровывать: 2\n• Anna \(\d+\), с [^\n]+\n• Boris \(\d+\), с [^\n]+$/ });
  expect((await under(typist, says(anna, '/transcribe me'), /^👌/)).text).toBe(back[language]);
  expect((await under(typist, says(boris, 'можно расшифровывать…'), /^👌/)).text).toBe(back.ru);
  await right('.tracked', { en: /^👥 Tracked: 1\n[^\n]+$/, ru: /^👥 Отслеживаю: 1\n[^\n]+$/ });
  // Put aside, they are heard all the same, and not answered.
  await command(typist, '.ignore @boris_k');
  const ignored = says(boris, '/notranscribe');
  await expect.poll(() => command(typist, '.tracked')).toMatch(/\n🙅 .+: 1\n• Boris \(\d+\)/);
  await command(typist, '.unignore @boris_k');
  expect(sandbox.world.messages.filter(({ replyTo }) => replyTo?.key === ignored.key)).toEqual([]);
  const heard = send.voice({ from: anna, to: owner, bytes, durationSec: 1 });
  await under(typist, heard, /^🔇/);
  expect(sandbox.messagesOf(voice.chatKey, owner).filter(({ replyToKey, text }) => replyToKey === voice.key && text.startsWith('🔇'))).toEqual([]);
}
