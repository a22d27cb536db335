import { expect } from 'vitest';
import type { Typist } from '../typist.js';

const LONG = 'x'.repeat(3900);

/** Every command of the module commands. */
export async function commandsScript({ right, wrong, hostile, now, sandbox, owner, anna, boris, language }: Typist): Promise<void> {
  await right('.help', { en: /^🎙 Gramscribe\n\nCommands: \.help \.cancel \.yes \.no\nSettings: [^]*\n\nMore: \.help and a name$/, ru: /^🎙 Gramscribe\n\nКоманды: \.help \.cancel \.yes \.no\nНастройки: [^]*\n\nПодробнее: \.help и название$/ });
  await right('.помощь', '🎙 Gramscribe');
  await right('.рудз', '🎙 Gramscribe');
  await right('.HELP@me', '🎙 Gramscribe');
  await right('.help .ping', { en: /^\.ping\nround trip to Telegram\nAlso: \.пинг\n\nExamples\n[^]*\n\nYou, and whom you permit · Status$/, ru: /^\.ping\nвремя ответа Telegram\nЕщё: \.пинг\n\nПримеры\n[^]*\n\nВы и те, кому вы разрешите · Состояние$/ });
  await right('.help settings', { en: /^Settings · settings 1\.0\.0\n[^]*\n\.lang-ui \[ru \| en\] · the language of answers\n/, ru: /^Настройки · settings 1\.0\.0\n[^]*\n\.lang-ui \[ru \| en\] · язык ответов\n/ });
  await right('.help status', { en: 'The module of this name: .help status -m', ru: 'Модуль с тем же названием: .help status -m' });
  await right('.help -m status', { en: '.logs [level] · the newest lines of my log, as a file', ru: '.logs [уровень] · последние строки журнала файлом' });
  await right('.help -h', '.help [');
  await right('..help', /^\.help$/);
  await wrong('.help pign', { en: 'There is neither a command nor a module named pign. Did you mean ping?', ru: 'Нет ни команды, ни модуля pign. Может быть, ping?' });
  await wrong('.help two words', { en: 'One too many: “words”. This way: .help [command | module] [--module]', ru: 'Это лишнее: «words». Вот так: .help [команда | модуль] [--module]' });
  await wrong('.help --modul', { en: 'There is no --modul. Did you mean --module?', ru: '--modul здесь нет. Может быть, --module?' });
  await wrong('.hlep', { en: '⚠️ There is no .hlep. Did you mean .help?', ru: '⚠️ Команды .hlep нет. Может быть, .help?' });
  await wrong('.help "never closed', { en: 'This quote is never closed', ru: 'Эта кавычка не закрыта' });
  for (const name of ['__proto__', 'constructor', 'toString', '../../etc/passwd', '$(reboot)', '`id`', '<b>x</b>', '🎉', '-1', 'NaN', '9'.repeat(50)]) await hostile(`.help ${name}`, name);
  await hostile('.help \u202egnip\u0007', { en: 'named gnip.', ru: 'модуля gnip.' });
  await hostile('.help \ud800', /^⚠️ /);
  await hostile(`.help ${LONG}`, /^⚠️ .{60,300}$/);
  await hostile(`.help ${'y'.repeat(250)}`, /^⚠️ .{60,150}$/);

  await right('.cancel', { en: '👌 Nothing is running here.', ru: '👌 Здесь ничего не выполняется.' });
  await right('.отмена --all', { en: '👌 Nothing is running.', ru: '👌 Ничего не выполняется.' });
  await wrong('.cancel everything', { en: 'One too many: “everything”. This way: .cancel [--all]', ru: 'Это лишнее: «everything». Вот так: .cancel [--all]' });
  await wrong('.cancel --alll', { en: 'Did you mean --all?', ru: 'Может быть, --all?' });
  const word = sandbox.send.text({ from: anna, to: owner, text: 'hello' });
  await wrong('.cancel', { en: 'That message is not a command that is running.', ru: 'По этому сообщению сейчас ничего не выполняется.' }, { replyTo: word });
  await hostile('.cancel $(reboot)', '$(reboot)');
  await hostile('.cancel __proto__', '__proto__');
  await hostile(`.cancel ${LONG}`, /^⚠️ .{60,150}$/);

  const nothing = { en: 'Nothing is asked here; a question waits for two minutes.', ru: 'Здесь ни о чём не спрашивали; вопрос ждёт ответа две минуты.' };
  const notThere = { en: 'That message asks nothing, or no more', ru: 'В том сообщении вопроса нет или уже нет' };
  for (const line of ['.yes', '.да', '.no', '.нет', '.нуы']) await wrong(line, nothing);
  await wrong('.yes please', { en: 'One too many: “please”.', ru: 'Это лишнее: «please».' });
  await wrong('.no --force', { en: 'One too many: “--force”.', ru: 'Это лишнее: «--force».' });
  await hostile('.yes $(reboot)', '$(reboot)');
  await hostile('.no "', { en: 'never closed', ru: 'не закрыта' });

  // A question is answered by its own answer alone: not from elsewhere, nor in reply to something else.
  const reset = { en: '↩️ Back to the defaults: reports (on)?\n\n.yes or .no, within two minutes', ru: '↩️ Вернуть по умолчанию: reports (on)?\n\n.yes или .no, в течение двух минут' };
  await right('.config reports on yes', 'off → on');
  const asked = await right('.config reports --reset', reset);
  await wrong('.yes', notThere, { replyTo: word });
  await wrong('.yes', nothing, { to: boris });
  expect(now(asked)).toContain('.yes');
  sandbox.send.text({ from: anna, to: owner, text: '.yes' });
  const no = sandbox.send.text({ from: owner, to: anna, text: '.нет' });
  await expect.poll(() => [now(asked), now(no)]).toEqual([language === 'en' ? '👌 Everything stays as it is.' : '👌 Всё остаётся как есть.', undefined]);

  // As many as may run wait for an answer; what helps then gets through.
  const many = [];
  for (let count = 0; count < 20; count += 1) many.push(await right('.config reports --reset', reset));
  await wrong('.ping', { en: '⏳ 20 of your commands are still running. Wait for one of them, or cancel it.', ru: '⏳ Ещё выполняются ваши команды: 20. Подождите или отмените одну из них.' });
  const stopping = await right('.stop', '.yes');
  await right('.cancel', { en: '✋ Cancelled: .stop', ru: '✋ Отменено: .stop' }, { replyTo: stopping });
  await expect.poll(() => now(stopping)).toBe(language === 'en' ? '✋ .stop was cancelled.' : '✋ .stop: отменено.');
  await right('.cancel', { en: '✋ Cancelled: .config ×20', ru: '✋ Отменено: .config ×20' });
  // Each might have carried a secret, so it goes, and what became of it is a message of its own.
  const gone = language === 'en' ? '✋ .config was cancelled.' : '✋ .config: отменено.';
  await expect.poll(() => sandbox.messagesOf(asked.chatKey, owner).filter(({ text }) => text === gone).length).toBe(20);
  expect(many.map(now)).toEqual(Array(20).fill(undefined));

  const last = await right('.config reports --reset', reset);
  const yes = sandbox.send.text({ from: owner, to: anna, text: '.да', replyTo: last });
  await expect.poll(() => [now(last), now(yes)]).toEqual([language === 'en' ? '✅ Back to the defaults: reports (on)' : '✅ Снова по умолчанию: reports (on)', undefined]);
  await right('.yes --help', { en: '.yes\nyes to what a command has just asked you in this chat', ru: '.yes\n«да» на вопрос, который команда только что задала вам в этом чате' });
  await right('.нет -h', { en: '.no\nno to what', ru: '.no\n«нет» на вопрос' });
  await right('.ping', '🏓');
}
