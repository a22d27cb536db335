import { expect } from 'vitest';
import { archiveOf } from '../../../../src/modules/foreign/make-package.js';
import type { SandboxMessage } from '../../../../src/sandbox/control/views.js';
import { moduleSource, packed } from '../../../modules/foreign/support/foreign-ground.js';
import type { Said, Typist } from '../typist.js';

const SECRET = 'correct horse battery staple 17';
const LONG = 'x'.repeat(3900);

/** A module with a setting of every kind, which does not take 13. */
const about = "about: { en: 'a setting', ru: 'настройка' }";
const kinds = moduleSource({
  name: 'kinds',
  command: 'kinds',
  run: 'return JSON.stringify(ctx.settings);',
  more: `settings: {
    switch: { kind: 'boolean', default: false, ${about} },
    whole: { kind: 'integer', min: 1, max: 20, default: 5, ${about} },
    number: { kind: 'number', min: -1, default: 0, ${about} },
    text: { kind: 'string', minLength: 2, maxLength: 20, default: 'hi', ${about} },
    word: { kind: 'word', default: 'one', ${about} },
    pattern: { kind: 'regexp', default: '/a/', ${about} },
    choice: { kind: 'choice', options: ['tea', 'coffee'], default: 'tea', ${about} },
    choices: { kind: 'choices', options: ['red', 'green', 'blue'], default: ['red'], ${about} },
    list: { kind: 'list', of: { kind: 'integer', min: 0, max: 9 }, maxItems: 3, default: [], ${about} },
    patterns: { kind: 'list', of: { kind: 'regexp' }, default: [], ${about} },
    link: { kind: 'link', default: 'https://example.com', ${about} },
    id: { kind: 'telegram-id', default: '1', ${about} },
    peer: { kind: 'peer', default: 'me', ${about} },
    emoji: { kind: 'emoji', default: '🙂', ${about} },
    time: { kind: 'duration', minMs: 1000, maxMs: 86400000, default: 60000, ${about} },
    languages: { kind: 'languages', default: 'auto', ${about} },
    zone: { kind: 'time-zone', default: 'UTC', ${about} },
    token: { kind: 'secret', default: '', ${about} },
    port: { kind: 'integer', default: 80, restart: true, ${about} },
  },
  settingsChanged: async ({ whole }) => { if (whole === 13) throw new CommandRefusal('Not 13.'); },`,
});

/** Key, what is typed, what it was and is then. */
const taken: readonly [string, string, string][] = [
  ['switch', 'вкл', 'off → on'],
  ['whole', '−3', ''],
  ['whole', '7', '5 → 7'],
  ['number', '0,5', '0 → 0.5'],
  ['text', '" spaced "', 'hi → " spaced "'],
  ['text', 'два слова', '" spaced " → два слова'],
  ['word', 'two', 'one → two'],
  ['pattern', '/при.ет/i', '/a/ → /при.ет/i'],
  ['choice', 'COFFEE', 'tea → coffee'],
  ['choices', 'blue green', 'red → blue, green'],
  ['choices', '+= red', 'blue, green → blue, green, red'],
  ['choices', '-= blue,red', 'blue, green, red → green'],
  ['choices', 'none', 'green → none'],
  ['list', '1, 2', 'none → 1, 2'],
  ['list', '+= 2, 3', '1, 2 → 1, 2, 3'],
  ['list', '-=1', '1, 2, 3 → 2, 3'],
  ['patterns', '/a,b/, "c d"', ''],
  ['link', 'https://example.org/?q=1&x=<b>', 'https://example.com → https://example.org/?q=1&x=<b>'],
  ['id', '12345', '1 → 12345'],
  ['peer', 't.me/durov/12', 'me → @durov'],
  ['emoji', '👩‍👩‍👧', '🙂 → 👩‍👩‍👧'],
  ['time', '2 часа 30 минут', '1m → 2h30m'],
  ['languages', 'русский, english', 'auto → ru,en'],
  ['zone', 'москва', 'UTC → Europe/Moscow'],
  ['zone', '+5:30', 'Europe/Moscow → Asia/Kolkata'],
  ['zone', 'UTC+3', 'Asia/Kolkata → UTC+3'],
];

/** Key, what is typed, what is said of it in English and in Russian. */
const refused: readonly [string, string, string, string][] = [
  ['switch', 'maybe', '“maybe” does not fit: it takes on or off.', '«maybe» не подходит. Нужно: on или off.'],
  ['whole', '13', '⚠️ Not 13.', '⚠️ Not 13.'],
  ['whole', '0', 'a whole number from 1 to 20. Perhaps 1?', 'целое число от 1 до 20. Может быть, 1?'],
  ['whole', '99999999999999999999999999', '“99999999999999999999999999” does not fit', '«99999999999999999999999999» не подходит'],
  ['whole', 'NaN', '“NaN”', '«NaN»'],
  ['whole', '1e3', '“1e3”', '«1e3»'],
  ['whole', '+= 1', 'whole is no list: += and -= do not fit.', 'whole — не список: += и -= не подходят.'],
  ['number', '1e999', 'a number, -1 at least', 'число, не меньше -1'],
  ['number', '-Infinity', '“-Infinity”', '«-Infinity»'],
  ['text', 'x', 'text of 2 to 20 characters', 'текст длиной от 2 до 20 символов'],
  ['word', 'two words', 'one word of up to 256 characters, without spaces. Perhaps two?', 'одно слово не длиннее 256 символов, без пробелов. Может быть, two?'],
  ['pattern', '(', 'a regular expression such as /pattern/i', 'регулярное выражение, например /образец/i'],
  ['pattern', '/(a+)+$/', 'on some texts it would search for hours', 'на иных текстах поиск длился бы часами'],
  ['patterns', 'ok, (a|a)*$', '“(a|a)*$” does not fit: on some texts', '«(a|a)*$» не подходит: на иных текстах'],
  ['choice', 'cofee', 'tea or coffee. Perhaps coffee?', 'tea или coffee. Может быть, coffee?'],
  ['choices', 'red, gren', 'Perhaps green?', 'Может быть, green?'],
  ['list', '1, ten', '“ten” does not fit: it takes a whole number from 0 to 9.', '«ten» не подходит. Нужно: целое число от 0 до 9.'],
  ['list', '+= 4, 5', '3 at most', 'не больше 3'],
  ['link', 'javascript:alert(1)', 'an address such as https://example.com', 'адрес, например https://example.com'],
  ['link', 'example.org', 'Perhaps https://example.org?', 'Может быть, https://example.org?'],
  ['id', '9999999999999999999', 'the id of a person, a number', 'id человека, число'],
  ['peer', 'durov', 'Perhaps @durov?', 'Может быть, @durov?'],
  ['emoji', '🙂🙂', 'one emoji', 'одно эмодзи'],
  ['time', '30', 'a time (90s, 30m, 2h30m) from 1s to 1d. Perhaps 30m?', 'время (90s, 30m, 2h30m, 2 часа) от 1s до 1d. Может быть, 30m?'],
  ['time', '-5m', '“-5m”', '«-5m»'],
  ['languages', 'klingon', 'auto, a language such as ru', 'auto, язык, например ru'],
  ['zone', 'UTC+25', 'a time zone such as', 'часовой пояс, например'],
];

/** Every command of the module settings. */
export async function settingsScript(typist: Typist): Promise<void> {
  const { right, wrong, hostile, language, sandbox, daemon, owner, anna } = typist;
  await letIn(typist);

  for (const [key, typed, said] of taken) if (said !== '') await right(`.config kinds ${key} ${typed}`, `✅ kinds ${key}: ${said}`);
  for (const [key, typed, en, ru] of refused) await wrong(`.config kinds ${key} ${typed}`, { en, ru });
  const settings = JSON.parse((await right('.kinds', '{')).text) as Record<string, unknown>;
  expect(settings).toMatchObject({ switch: true, whole: 7, number: 0.5, text: 'два слова', list: [2, 3], choices: [], peer: '@durov', time: 9_000_000, zone: 'Etc/GMT-3' });
  await right('.config kinds port 81', { en: '80 → 81\n⏳ Counts after a restart.', ru: '80 → 81\n⏳ Подействует после перезапуска.' });
  await right('.cfg kinds text', { en: /Now: два слова\nDefault: hi\nTakes: text of 2 to 20 characters$/, ru: /Сейчас: два слова\nПо умолчанию: hi\nПринимает: текст длиной от 2 до 20 символов$/ });
  await right('.config', { en: /^⚙️ Settings\n[^]*kinds · Sly · 19 settings, changed: 1\d\n/, ru: /^⚙️ Настройки\n[^]*kinds · Хитрый · настроек: 19, изменено: 1\d\n/ });
  await right('.config Хитрый', { en: /^⚙️ Sly[^]*port = 81 ✏️ ⏳/, ru: /^⚙️ Хитрый[^]*port = 81 ✏️ ⏳/ });
  await right('.config kinds text', 'два слова → from Anna', { replyTo: sandbox.send.text({ from: anna, to: owner, text: 'from Anna' }) });
  await right('.config kinds list --reset', '2, 3 → none');
  await right('.config kinds list --reset', { en: '👌 Nothing was changed there.', ru: '👌 Там ничего и не меняли.' });

  await secrets(typist);
  await movedAsAFile(typist);

  await wrong('.config kinsd', { en: 'There is no module kinsd. Did you mean kinds?', ru: 'Модуля kinsd нет. Может быть, kinds?' });
  await wrong('.config kinds wohle', { en: 'kinds has no setting wohle. Did you mean whole?', ru: 'У модуля kinds нет настройки wohle. Может быть, whole?' });
  await wrong('.config commands', { en: 'commands has no settings.', ru: 'У модуля commands нет настроек.' });
  await wrong('.config kinds --export', { en: 'It is always all settings', ru: 'Это всегда касается всех настроек' });
  await wrong('.config --import', { en: 'Reply to the file with the settings (.json).', ru: 'Ответьте на файл с настройками (.json).' });
  await wrong('.config kinds text', { en: 'The message that you reply to has no text.', ru: 'В сообщении, на которое вы ответили, нет текста.' }, { replyTo: sandbox.send.file({ from: anna, to: owner, bytes: Buffer.from('x'), durationSec: 0 }) });
  await hostile('.config __proto__', '__proto__');
  await hostile('.config kinds __proto__', '__proto__');
  await hostile('.config ../../etc/passwd', '../../etc/passwd');
  await hostile('.config kinds text $(reboot) `id`', '→ $(reboot) `id`');
  await hostile('.config kinds text <b>&</b>*_~', '→ <b>&</b>*_~');
  await hostile('.config kinds choice \u202etea', /^⚠️ [^\u202e]*$/u);
  await hostile(`.config kinds choice ${LONG}`, /^⚠️ choice: .{60,400}$/);
  await hostile('.config kinds text "never closed', '"never closed');

  await commandLine(typist);
  await modules(typist);
  await ignoring(typist);

  // What the daemon and those who read its log were never to see.
  const chats = [...new Set(sandbox.world.messages.map(({ chat }) => chat.key))];
  const standing = chats.flatMap((chat) => sandbox.messagesOf(chat, owner).map(({ text }) => text));
  expect(standing.length).toBeGreaterThan(100);
  for (const part of [SECRET, SECRET.replaceAll(' ', ''), 'typed by mistake']) expect([...daemon.output, ...standing].join('\n').includes(part), part).toBe(false);
  await right(language === 'en' ? '.lang-ui ru' : '.lang-ui en', language === 'en' ? '✅ Теперь по-русски.' : '✅ English from now on.');
  await right(`.язык-ответов ${language}`, { en: '✅ English from now on.', ru: '✅ Теперь по-русски.' });
}

/** The module of all kinds is let in by its file. */
async function letIn(typist: Typist): Promise<void> {
  const { right, sandbox, owner, anna } = typist;
  const bytes = Buffer.from(await archiveOf(await packed(kinds)));
  const file = sandbox.send.file({ from: owner, to: anna, bytes, durationSec: 0, fileName: 'module.tar.gz' });
  const asked = await right('.loadmod', { en: 'Let it in?', ru: '.yes' }, { replyTo: file });
  await answered(typist, asked, '.yes', /^✅/);
}

/** The question's message says this once the answer was typed. */
async function answered({ sandbox, owner, anna }: Typist, asked: SandboxMessage, line: string, said: RegExp): Promise<void> {
  sandbox.send.text({ from: owner, to: anna, text: line, replyTo: asked });
  await sandbox.waitForMessage(({ key, text }) => key === asked.key && said.test(text), { timeoutMs: 30_000 });
}

/** Wherever one is typed the message goes, and nobody says it again. */
async function secrets(typist: Typist): Promise<void> {
  const { right, wrong, hostile, now, sandbox, owner, anna } = typist;
  const another = { answer: 'another' } as const;
  const isSet: Said = { en: '✅ kinds token is set. Your message with it is deleted.', ru: '✅ kinds token: задано. Ваше сообщение с секретом удалено.' };
  await right(`.config kinds token ${SECRET}`, isSet, another);
  await right('.config kinds token', { en: 'Now: •••• (set)', ru: 'Сейчас: •••• (задано)' });
  await right('.config kinds token ""', { en: '✅ kinds token is set no more.', ru: '✅ kinds token: больше не задано.' }, another);
  const carrier = sandbox.send.text({ from: owner, to: anna, text: SECRET });
  await right('.config kinds token', isSet, { replyTo: carrier, ...another });
  expect(now(carrier)).toBeUndefined();
  await right('.alias пароль = config kinds token', '✅ .пароль = .config kinds token');
  await right(`.пароль ${SECRET}`, isSet, another);
  await wrong(`.config kinds tokne ${SECRET}`, { en: 'kinds has no setting tokne. Did you mean token?', ru: 'Может быть, token?' }, another);
  await wrong(`.config kins token ${SECRET}`, { en: 'Did you mean kinds?', ru: 'Может быть, kinds?' }, another);
  await wrong(`.config kinds token += ${SECRET}`, { en: 'token is no list', ru: 'token — не список' }, another);
  await hostile(`.config kinds token ${SECRET} ${LONG}${LONG.slice(0, 150)}`.slice(0, 4096), isSet, another);
  await hostile(`.config --reste "${SECRET}`, { en: 'That is not how it is typed.', ru: 'Это вводится не так.' }, another);
  await hostile(`.config ${SECRET.replaceAll(' ', '')}${LONG.slice(0, 300)}`, { en: 'too long for the name', ru: 'слишком длинно для названия' }, another);
  await hostile('.alias pass = config kinds token typed by mistake', { en: 'Nothing was kept: an alias stands in lists', ru: 'Ничего не сохранено: псевдонимы видны в списках' }, another);
  await hostile('.alias pass = пароль typed by mistake', { en: 'Nothing was kept', ru: 'Ничего не сохранено' }, another);
}

/** What was chosen goes to Saved Messages as a file, and comes back by it; secrets do neither. */
async function movedAsAFile(typist: Typist): Promise<void> {
  const { right, hostile, sandbox, owner, anna } = typist;
  await right('.config --export', { en: /^📤 The file is in Saved Messages\. Settings: 1\d; secrets left out: 1$/, ru: /^📤 Файл в «Избранном»\. Настроек: 1\d; секретов пропущено: 1$/ });
  const file = await sandbox.waitForMessage(({ media }) => media?.fileName === 'gramscribe-settings.json');
  const bytes = sandbox.fileOf(file);
  expect(bytes.toString()).not.toContain(SECRET);
  const reset = await right('.config kinds --reset', { en: /^↩️ Back to the defaults: kinds \(switch, .*token, port\)\?/, ru: /^↩️ Вернуть по умолчанию: kinds \(switch, .*token, port\)\?/ });
  await answered(typist, reset, '.no', /^👌/);
  const again = await right('.config kinds --reset', '(switch, ');
  await answered(typist, again, '.yes', /^✅/);
  await right('.config kinds', { en: /switch = off\n[^]*token = not set/, ru: /switch = off\n[^]*token = не задано/ });
  const sent = (text: string | Buffer) => ({ replyTo: sandbox.send.file({ from: owner, to: anna, bytes: Buffer.from(text), durationSec: 0, fileName: 'x.json' }) });
  const asked = await right('.config --import', { en: /^📥 This would change:\n• kinds switch: off → on\n/, ru: /^📥 Изменится:\n• kinds switch: off → on\n/ }, sent(bytes));
  await answered(typist, asked, '.yes', typist.language === 'en' ? /^✅ Settings changed: 1\d$/ : /^✅ Изменено настроек: 1\d$/);
  await right('.config --import', { en: '👌 Everything in the file is so already.', ru: '👌 Всё, что в файле, уже так и задано.' }, sent(bytes));
  const of = (modules: string): string => `{"gramscribe":"settings","format":1,"modules":${modules}}`;
  await hostile('.config --import', { en: 'not one that config --export made', ru: 'не командой config --export' }, sent('\u0000 no JSON'));
  await hostile('.config --import', { en: 'newer version', ru: 'более новой версией' }, sent(of('{}').replace('1,', '2,')));
  await hostile('.config --import', { en: 'kinds token is a secret', ru: 'kinds token — секрет' }, sent(of('{"kinds":{"token":"typed by mistake"}}')));
  await hostile('.config --import', { en: /kinds pattern: takes a regular[^]*there is no module constructor/, ru: /kinds pattern\. Нужно: регулярное[^]*модуля constructor нет/ }, sent(of('{"kinds":{"pattern":"/(a+)+$/"},"constructor":{"x":1}}')));
  await hostile('.config --import', { en: 'Nothing was changed: kinds does not take it. Not 13.', ru: 'Ничего не изменено: модуль kinds этого не принимает. Not 13.' }, await thirteen(typist, sent(of('{"kinds":{"whole":13}}'))));
  await hostile('.config --import', { en: 'too large', ru: 'слишком велик' }, sent(Buffer.alloc(1_000_001)));
}

/** A file that asks first: the question is answered as soon as it stands there. */
async function thirteen({ sandbox, owner, anna }: Typist, place: { replyTo: SandboxMessage }): Promise<{ replyTo: SandboxMessage }> {
  void sandbox
    .waitForMessage(({ text }) => text.includes('kinds whole: 7 → 13'), { timeoutMs: 30_000 })
    .then((asked) => sandbox.send.text({ from: owner, to: anna, text: '.yes', replyTo: asked }));
  return Promise.resolve(place);
}

/** Prefix and aliases. */
async function commandLine({ right, wrong, hostile }: Typist): Promise<void> {
  await right('.setprefix', { en: 'Commands begin with .', ru: 'Команды начинаются с .' });
  await right('.setprefix .', { en: '👌 Commands begin with . already.', ru: '👌 Команды и так начинаются с .' });
  await right('.префикс !', { en: /^✅ Commands begin with ! now: !help\nBack: !setprefix \./, ru: /^✅ Теперь команды начинаются с !: !help\nВернуть: !setprefix \./ });
  await right('!setprefix reset', { en: 'Commands begin with . now', ru: 'Теперь команды начинаются с .' });
  await wrong('.setprefix a', { en: '“a” cannot begin commands', ru: '«a» не годится' });
  await wrong('.setprefix !!!!', '!!!!');
  await wrong('.setprefix ! x', { en: 'One too many: “x”.', ru: 'Это лишнее: «x».' });
  await wrong('.setprefix ""', { en: /Nothing was given: it takes one word[^?]*$/, ru: /Ничего не указано\. Нужно: одно слово[^?]*$/ });
  for (const prefix of ['..', '…', '@', '#', "\"'\"", '🎉', '<b>', '$(reboot)', '`', '__', '1', '\u0000', 'ю']) await hostile(`.setprefix ${prefix}`, { en: 'cannot begin commands', ru: 'не годится' });
  await hostile('.setprefix \u202e', /^⚠️ (“”|«»)/);
  await hostile(`.setprefix ${LONG}`, /^⚠️ .{40,250}$/);
  await hostile('.setprefix "never', { en: 'never closed', ru: 'не закрыта' });

  await right('.alias п = .ping', '✅ .п = .ping');
  await right('.п', /^🏓 /);
  await right('.псевдоним  пп=п', '✅ .пп = .п');
  await right('.пп', /^🏓 /);
  await right('.alias т = config kinds text', '.config kinds text');
  await right('.т по псевдониму', '→ по псевдониму');
  await right('.aliases', /^🏷 .*(\n\.\S+ = \..*){4}$/);
  await wrong('.alias п', { en: 'Like this: .alias p = ping', ru: 'Вот так: .alias p = ping' });
  await wrong('.alias a = pign', { en: 'There is no command pign. Did you mean ping?', ru: 'Команды pign нет. Может быть, ping?' });
  await wrong('.alias ping = status', { en: 'ping is a command', ru: 'ping — команда' });
  await wrong('.alias зштп = status', { en: 'зштп is a command', ru: 'зштп — команда' });
  await wrong('.alias a = a', { en: 'in a circle: a → a', ru: 'круг: a → a' });
  await wrong('.alias п = пп', { en: 'in a circle: п → пп → п', ru: 'круг: п → пп → п' });
  await hostile('.alias __proto__ = ping', { en: 'cannot be an alias', ru: 'не может быть псевдонимом' });
  await hostile('.alias constructor = ping', '✅ .constructor = .ping');
  await right('.constructor', /^🏓 /);
  await hostile(`.alias ${LONG} = ping`, /^⚠️ .{40,200}$/);
  await hostile(`.alias l = ping ${LONG}`, { en: '1000 characters at most', ru: 'Не длиннее 1000 символов' });
  await hostile(`.alias l = ping ${'y\n'.repeat(400)}`, /^✅ \.l = \.ping (y )+.*…$/);
  await hostile('.alias x = $(reboot)', '$(reboot)');
  await hostile('.alias \u202eq = ping', { en: 'cannot be an alias', ru: 'не может быть псевдонимом' });
  await right('.unalias .constructor', { en: '✅ Forgotten: constructor', ru: '✅ Забыт: constructor' });
  await right('.удали-псевдоним п', 'п');
  // What stood for it stands for nothing any more.
  await wrong('.unalias п', { en: 'There is no alias п.', ru: 'Псевдонима п нет.' });
  await wrong('.unalias', { en: 'Missing: name.', ru: 'Не хватает: имя.' });
  await hostile('.unalias __proto__', '__proto__');
  await hostile(`.unalias ${'z'.repeat(250)}`, /^⚠️ .{20,80}$/);

  await right('.lang-ui', { en: '🌐 The language of answers: English. Another one: .lang-ui ru', ru: '🌐 Язык ответов: русский. Другой: .lang-ui en' });
  await wrong('.lang-ui de', { en: '“de” does not fit: it takes ru or en.', ru: '«de» не подходит. Нужно: ru или en.' });
  await hostile('.lang-ui __proto__', '__proto__');
  await hostile('.lang-ui ../en', '../en');
}

async function modules({ right, wrong, hostile, sandbox, owner, anna }: Typist): Promise<void> {
  await right('.modules', { en: /^🧩 Modules\n✅ commands 1\.0\.0 · [^]*✅ kinds 1\.0\.0 · a test · by others/, ru: /^🧩 Модули\n✅ commands 1\.0\.0 · [^]*✅ kinds 1\.0\.0 · проверка · сторонний/ });
  await wrong('.modules all', { en: 'One too many', ru: 'Это лишнее' });
  await hostile('.модули $(reboot)', '$(reboot)');
  await right('.disable notes', { en: '💤 Off: notes. Back: .enable notes', ru: '💤 Выключен: notes. Вернуть: .enable notes' });
  const ignored = sandbox.send.text({ from: owner, to: anna, text: '.note x y' });
  await right('.disable NOTES', { en: '👌 notes is off already.', ru: '👌 notes и так выключен.' });
  expect(sandbox.message(ignored).text).toBe('.note x y');
  await right('.modules', '💤 notes');
  await right('.включить Заметки', { en: '✅ On: notes', ru: '✅ Включён: notes' });
  await right('.enable notes', { en: '👌 notes is on already.', ru: '👌 notes и так включён.' });
  for (const needed of ['commands', 'settings', 'security']) await wrong(`.disable ${needed}`, { en: `${needed} cannot be switched off: without it nothing could be switched on again.`, ru: `${needed} не выключается` });
  await wrong('.disable nots', { en: 'Did you mean notes?', ru: 'Может быть, notes?' });
  await wrong('.disable', { en: 'Missing: module.', ru: 'Не хватает: модуль.' });
  await wrong('.enable notes status', { en: 'One too many: “status”.', ru: 'Это лишнее: «status».' });
  await hostile('.enable __proto__', '__proto__');
  await hostile('.enable ../../modules/x', '../../modules/x');
  await hostile('.disable constructor', 'constructor');
  await hostile(`.disable ${LONG}`, /^⚠️ .{40,250}$/);
}

async function ignoring({ right, wrong, hostile, now, sandbox, owner, anna, boris }: Typist): Promise<void> {
  await right('.ignore', { en: '🙈 Nobody is ignored.', ru: '🙈 Никого не игнорирую.' });
  await right('.grant @boris_k ping', '.yes').then((asked) => answered({ sandbox, owner, anna } as Typist, asked, '.yes', /^✅/));
  const called = sandbox.send.text({ from: boris, to: owner, text: '.ping' });
  await sandbox.waitForMessage(({ replyToKey, text }) => replyToKey === called.key && text.startsWith('🏓'), { timeoutMs: 30_000 });
  await right('.ignore @boris_k', { en: `✅ Ignored: Boris (${boris.id})`, ru: `✅ Игнорирую: Boris (${boris.id})` });
  const unheard = sandbox.send.text({ from: boris, to: owner, text: '.ping' });
  await right('.игнор', { en: `🙈 Ignored\n• Boris (${boris.id})`, ru: `🙈 Игнорирую\n• Boris (${boris.id})` });
  await right('.ignore https://t.me/boris_k', { en: '👌 Ignored already: Boris', ru: '👌 Уже игнорирую: Boris' });
  await right('.ignore', 'Anna', { replyTo: sandbox.send.text({ from: anna, to: owner, text: 'x' }) });
  await right('.ignore здесь', { en: '👌 Ignored already: Anna', ru: '👌 Уже игнорирую: Anna' });
  await right('.ignore -1001234567', { en: 'chat -1001234567', ru: 'чат -1001234567' });
  await wrong('.ignore me', { en: 'That is you.', ru: 'Это вы.' });
  await wrong('.ignore here @boris_k', { en: 'Either here or a person, not both.', ru: 'Либо «здесь», либо человек' });
  await wrong('.ignore durov', { en: 'Perhaps @durov?', ru: 'Может быть, @durov?' });
  await wrong('.ignore @nobody_at_all', { en: 'Nobody is known as @nobody_at_all.', ru: 'Никто не известен под именем @nobody_at_all.' });
  await hostile('.ignore https://evil.example/boris_k', 'https://evil.example/boris_k');
  for (const who of ['0', 'NaN', '4503599627370497', '__proto__', '$(reboot)', '@../x', '-0']) await hostile(`.ignore ${who}`, who);
  await hostile(`.ignore ${LONG}`, /^⚠️ .{40,250}$/);
  await right('.unignore @boris_k', { en: '✅ No longer ignored: Boris', ru: '✅ Больше не игнорирую: Boris' });
  await right('.неигнор', 'Anna', { replyTo: sandbox.send.text({ from: anna, to: owner, text: 'x' }) });
  await right('.unignore -1001234567', '-1001234567');
  await right('.unignore here', { en: '👌 Not ignored anyway', ru: '👌 И так не игнорирую' });
  await wrong('.unignore', { en: 'Whom?', ru: 'Кого?' });
  await hostile('.unignore 99999999999999999999', '99999999999999999999');
  expect(now(unheard)).toBe('.ping');
  expect(sandbox.world.messages.filter(({ replyTo }) => replyTo?.key === unheard.key)).toEqual([]);
}
