import { expect } from 'vitest';
import type { Typist } from '../typist.js';

const LONG = 'x'.repeat(3900);
const PRIVATE = 'the words of Anna, nobody else’s business';

/** Every command of the module status. */
export async function statusScript({ right, wrong, hostile, now, sandbox, daemon, owner, anna, boris, language }: Typist): Promise<void> {
  const another = { answer: 'another' } as const;
  const tooMuch = (given: string) => ({ en: `One too many: “${given}”. This way: .`, ru: `Это лишнее: «${given}». Вот так: .` });
  sandbox.send.text({ from: anna, to: owner, text: PRIVATE });
  const group = sandbox.addSupergroup({ title: 'Club', members: [owner, anna, boris] });

  for (const line of ['.ping', '.пинг', 'юзштп', '.зштп', '.PING@me']) await right(line, { en: /^🏓 \d+ ms$/, ru: /^🏓 \d+ мс$/ });
  await right('.ping', '🏓', { to: group });
  await right('.status', {
    en: /^🎙 Gramscribe \d\S+\n⏱ Running for (?:\d+ (?:min|s) ?)+\n\n📝 Voices: 0 written down, 0 without speech, 0 failed\n📥 Queue: empty\n[^]*\n👥 Tracked: 1 person\n\n🔄 Reconnections: 0\n🧠 Model: nano \(asleep\)\n⚙️ Engine: .*\n🗄 Memory: \d+ MiB$/,
    ru: /^🎙 Gramscribe \d\S+\n⏱ Работаю (?:\d+ (?:мин|с) ?)+\n\n📝 Голосовых: расшифровано 0, без речи 0, не удалось 0\n📥 Очередь пуста\n[^]*\n👥 Отслеживаю людей: 1\n\n🔄 Переподключений: 0\n🧠 Модель: nano \(выгружена\)\n⚙️ Движок: .*\n🗄 Память: \d+ МиБ$/,
  });
  await right('.track here', 'Club', { to: group });
  await right('.disable voice', 'voice');
  await right('.статус', {
    en: /\n⏸ No voice is written down: the module voice is switched off\. Back: \.enable voice\n[^]*Tracked: 1 person, 1 chat\n/,
    ru: /\n⏸ Голосовые не расшифровываются: модуль voice выключен\. Включить: \.enable voice\n[^]*Отслеживаю людей: 1, чатов: 1\n/,
  });
  await right('.enable voice', 'voice');
  const debug = await right('.debug', /^🔬 Gramscribe\nprocess\n {2}gramscribe +\S+\n[^]*\nredis\n {2}version +\d[^]*\nlast errors\n {2}(none since the start|с запуска ни одной)$/);
  for (const secret of ['Anna', 'Owner', owner.id, '0123456789abcdef']) expect(debug.text).not.toContain(secret);

  const banner = await right('.info', { en: /^🎙 Gramscribe \S+: voice messages, written down$/, ru: /^🎙 Gramscribe \S+: голосовые сообщения текстом$/ }, another);
  const picture = sandbox.fileOf(banner);
  expect([banner.media?.kind, picture.subarray(1, 4).toString(), picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual(['photo', 'PNG', 1280, 640]);
  await right('.инфо', '🎙 Gramscribe', another);

  const log = await right('.logs debug', { en: /^📄 Log: \d+ lines, debug and above$/, ru: /^📄 Журнал, строк: \d+, уровень debug и выше$/ }, another);
  const lines = sandbox.fileOf(log).toString();
  expect(log.media?.fileName).toMatch(/^gramscribe-[\dT-]+\.log$/);
  expect(lines).toContain('The bot is running!');
  expect(lines).toContain('"command":"ping","by":"owner"');
  const session = sandbox.stringSession(owner);
  for (const secret of [PRIVATE, 'Anna', '0123456789abcdef', session.slice(0, 40), '+10000000001']) expect(lines.includes(secret), secret).toBe(false);
  const warnings = sandbox.fileOf(await right('.логи WARN', { en: 'warn and above', ru: 'уровень warn и выше' }, another)).toString();
  expect(warnings).toMatch(/^(\S+ WARN {2}[^\n]*\n)+$/);
  expect(warnings).toContain('test data centres in use');
  await right('.logs error', { en: '👌 Nothing of level error or above since the start.', ru: '👌 С запуска нет ни одной строки уровня error и выше.' });
  await wrong('.logs eror', { en: 'it takes debug, info, warn or error. Perhaps error?', ru: 'Нужно: debug, info, warn или error. Может быть, error?' });
  for (const level of ['../../etc/passwd', '__proto__', '0', '$(reboot)', '<b>error</b>']) await hostile(`.logs ${level}`, level);
  await hostile(`.logs ${LONG}`, /^⚠️ .{60,250}$/);
  await hostile('.logs \u202eerror', /^⚠️ [^\u202e]*$/u);

  for (const name of ['ping', 'status', 'debug', 'info', 'restart', 'stop']) {
    await wrong(`.${name} now`, tooMuch('now'));
    await hostile(`.${name} --force`, tooMuch('--force'));
    await hostile(`.${name} $(reboot) \`id\``, tooMuch('$(reboot)'));
    await hostile(`.${name} "`, { en: 'never closed', ru: 'не закрыта' });
    await hostile(`.${name} ${LONG}`, /^⚠️ .{60,160}$/);
  }
  await right('.отладка', 'gramscribe');

  // Nothing stops it but the answer to its own question; an edit does not even ask.
  const edited = sandbox.send.text({ from: owner, to: anna, text: 'hello' });
  sandbox.send.edit(edited, { text: '.stop' });
  await expect.poll(() => now(edited)).toBe(language === 'en' ? '⚠️ .stop runs only as a new message, not as an edit.' : '⚠️ .stop выполняется только новым сообщением, не правкой.');
  const question = { en: '🛑 Stop now? Only the server can start me again.\n\n.yes or .no, within two minutes', ru: '🛑 Остановить? Запустить снова можно будет только на сервере.\n\n.yes или .no, в течение двух минут' };
  const asked = await right('.stop', question);
  sandbox.send.text({ from: anna, to: owner, text: '.yes' });
  await right('.yes', { en: 'That message asks nothing', ru: 'В том сообщении вопроса нет' }, { replyTo: log });
  await right('.yes', { en: 'Nothing is asked here', ru: 'Здесь ни о чём не спрашивали' }, { to: boris });
  sandbox.send.text({ from: owner, to: anna, text: '.no' });
  await expect.poll(() => now(asked)).toBe(language === 'en' ? '👌 I go on.' : '👌 Работаю дальше.');
  await right('.ping', '🏓');
  const leaving = { en: '🔄 Restart now? What is in work goes on afterwards.\n\n.yes or .no', ru: '🔄 Перезапустить? Начатое продолжится после запуска.\n\n.yes или .no' };
  const kept = await right('.restart', leaving);
  sandbox.send.text({ from: owner, to: anna, text: '.нет' });
  await expect.poll(() => now(kept)).toBe(language === 'en' ? '👌 I go on.' : '👌 Работаю дальше.');

  // The end, by the one command here and by the other there.
  const last = language === 'en' ? await right('.стоп', question) : await right('.перезапуск', leaving);
  sandbox.send.text({ from: owner, to: anna, text: '.да', replyTo: last });
  expect(await daemon.exited()).toBe(language === 'en' ? 0 : 75);
  expect(now(last)).toBe(language === 'en' ? '🛑 Stopped.' : '🔄 Перезапускаюсь…');
}
