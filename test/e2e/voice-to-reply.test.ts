import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { clip, words } from '../support/clips.js';
import { joinedClips, silence, videoNoteOf } from '../support/sound.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

const context = ground();
const texts = textsFor('en');

test('a Russian and an English voice in a private chat are answered with their words', async () => {
  const russian = annaSays(context, '03-ru.ogg');
  const english = annaSays(context, '04-en.ogg');
  expect(words((await onlyAnswerTo(context, russian)).text)).toBe(clip('03-ru.ogg').text);
  expect(words((await onlyAnswerTo(context, english)).text)).toBe(clip('04-en.ogg').text);
});

test('a video note in a supergroup is answered there', async () => {
  const { sandbox, owner, anna, boris } = context;
  const chat = sandbox.addSupergroup({ title: 'Family', members: [owner, anna, boris] });
  const bytes = await videoNoteOf('05-ru.ogg');
  const note = sandbox.send.videoNote({ from: anna, to: chat, bytes, durationSec: 6 });
  const answer = await onlyAnswerTo(context, note);
  expect(words(answer.text)).toBe(clip('05-ru.ogg').text);
  expect(answer.fromUserId).toBe(owner.id);
});

test('a voice in a basic group is answered there', async () => {
  const { sandbox, owner, anna, boris } = context;
  const chat = sandbox.addGroup({ title: 'Small', members: [owner, anna, boris] });
  const { bytes, durationSec, text } = clip('09-ru.ogg');
  const voice = sandbox.send.voice({ from: anna, to: chat, bytes, durationSec });
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(text);
});

test('a file on the other data centre is fetched from there', async () => {
  const voice = annaSays(context, '12-en.ogg', 4);
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('12-en.ogg').text);
});

test('the same message delivered twice is answered once', async () => {
  const voice = annaSays(context, '10-en.ogg');
  context.sandbox.send.deliverAgain(voice);
  await onlyAnswerTo(context, voice);
  context.sandbox.send.deliverAgain(voice);
  const later = annaSays(context, '11-ru.ogg');
  await onlyAnswerTo(context, later);
  await onlyAnswerTo(context, voice);
});

test('a voice of somebody who is not tracked, and an own one, are left alone', async () => {
  const { sandbox, boris, anna, owner } = context;
  const { bytes, durationSec } = clip('02-en.ogg');
  const strangers = sandbox.send.voice({ from: boris, to: owner, bytes, durationSec });
  const own = sandbox.send.voice({ from: owner, to: anna, bytes, durationSec });
  await onlyAnswerTo(context, annaSays(context, '06-en.ogg'));
  for (const voice of [strangers, own]) {
    expect(sandbox.messagesOf(voice.chatKey, owner).filter(({ replyToKey }) => replyToKey === voice.key)).toEqual([]);
  }
});

test('a text over 4096 comes in numbered parts, each a collapsed quote, after a message with the progress', async () => {
  const { sandbox, anna, owner } = context;
  const files = ['05-ru.ogg', '03-ru.ogg', '01-ru.ogg', '09-ru.ogg'];
  const bytes = await joinedClips(files, 30);
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 570 });
  const answers = await answersTo(context, voice);
  expect(answers.length).toBeGreaterThan(1);
  for (const [index, { text, entities }] of answers.entries()) {
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text).toContain(`${index + 1}/${answers.length}`);
    expect(entities.some(({ type }) => type === 'collapsed-quote')).toBe(true);
  }
  const spoken = 30 * words(files.map((file) => clip(file).text).join(' ')).split(' ').length;
  const said = words(answers.map(({ text }) => text.replace(/\(?\d+\/\d+\)?/, '')).join(' ')).split(' ').length;
  // Nothing is cut off at the limits: as many words as were spoken, but for what the small model mishears.
  expect(said).toBeGreaterThan(0.9 * spoken);
});

test('a flood wait on sending is kept, and the answer comes once', async () => {
  const { sandbox } = context;
  sandbox.faults.failNext('messages.SendMessage', { code: 420, message: 'FLOOD_WAIT_2' });
  const voice = annaSays(context, '07-ru.ogg');
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('07-ru.ogg').text);
  const [refused, sent] = sandbox.rpcLog.calls('messages.SendMessage').slice(-2);
  expect(refused?.outcome).toMatchObject({ kind: 'error', code: 420 });
  expect((sent?.atMs ?? 0) - (refused?.atMs ?? 0)).toBeGreaterThanOrEqual(2000);
});

test('an expired file reference is refreshed', async () => {
  const { sandbox } = context;
  sandbox.faults.failNext('upload.GetFile', { code: 400, message: 'FILE_REFERENCE_EXPIRED' });
  const voice = annaSays(context, '08-en.ogg');
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('08-en.ogg').text);
});

test('when Telegram takes the answer and the connection breaks before it says so, it is still one answer', async () => {
  const { sandbox } = context;
  sandbox.faults.cutNext('messages.SendMessage', { takesEffect: true });
  const voice = annaSays(context, '02-en.ogg');
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('02-en.ogg').text);
});

test('a broken file gets an honest answer', async () => {
  const { sandbox, anna, owner } = context;
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes: Buffer.alloc(5000, 'not audio '), durationSec: 3 });
  expect((await onlyAnswerTo(context, voice)).text).toBe(texts.failures['broken-audio']);
});

test('silence is said to be silence', async () => {
  const { sandbox, anna, owner } = context;
  const voice = sandbox.send.voice({ from: anna, to: owner, bytes: await silence(4), durationSec: 4 });
  expect((await onlyAnswerTo(context, voice)).text).toBe(texts.reply.noSpeech);
});

test('the commands answer in place', async () => {
  const { boris } = context;
  expect(await command(context, '.help')).toContain('.track');
  expect(await command(context, '.ping')).toMatch(/^🏓 \d+ ms$/);
  expect(await command(context, '.tracked')).toContain('Anna @anna_k');
  expect(await command(context, '.track @boris_k')).toContain('Boris');
  expect(await command(context, '.untrack', boris)).toContain('Boris');
  expect(await command(context, '.model')).toContain('nano');
  expect(await command(context, '.model huge')).toContain('huge');
  expect(await command(context, '.status')).toMatch(/Voices: \d+ written down, 1 without speech, 1 failed/);
});

test('no message text, name of a session or api hash is in the log, and no temporary file is left', () => {
  const log = context.daemon.output.join('\n');
  for (const secret of ['0123456789abcdef0123456789abcdef', ...clip('03-ru.ogg').text.split(' ').filter((word) => word.length > 4)]) {
    expect(log).not.toContain(secret);
  }
});
