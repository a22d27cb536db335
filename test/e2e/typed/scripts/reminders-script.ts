import { DateTime } from 'luxon';
import { expect } from 'vitest';
import type { Typist } from '../typist.js';

const ZONE = 'Europe/Berlin';

/** The night of the next year in which the zone's clocks go from 2:00 to 3:00. */
function nightWithoutHalfPastTwo(): DateTime {
  const endOfMarch = DateTime.fromObject({ year: DateTime.now().year + 1, month: 3, day: 31 }, { zone: ZONE });
  return endOfMarch.minus({ days: endOfMarch.weekday % 7 });
}

/** Every command of the module reminders. */
export async function remindersScript({ language, right, wrong, hostile, sandbox, owner, anna, boris }: Typist): Promise<void> {
  const club = sandbox.addGroup({ title: 'Club', members: [owner, anna] });
  await right(`.config reminders zone ${ZONE}`, ZONE);
  await right('.reminders', { en: '⏰ No reminders.', ru: '⏰ Напоминаний нет.' });

  // The time is shown as it was understood, then what it is about.
  await right('.remind 2h take the bread out', /^⏰ .+ \d\d:\d\d · (no\.|№) 1\ntake the bread out$/);
  await right('.напомни через два часа достать хлеб', /^⏰ .+ · (no\.|№) 2\nдостать хлеб$/);
  const tomorrow = DateTime.now().setZone(ZONE).plus({ days: 1 });
  await right('.remind tomorrow 9:00 call Ann', new RegExp(`^⏰ .+ ${tomorrow.day} .+ 09:00 · .+ 3\ncall Ann$`));
  await right('.remind завтра в 9 позвонить Ане', new RegExp(`^⏰ .+ ${tomorrow.day} .+ 09:00 · .+ 4\nпозвонить Ане$`));
  await right('.remind в пятницу отчёт', { en: /^⏰ Fri .+ 09:00 · no\. 5\nотчёт$/, ru: /^⏰ пт .+ 09:00 · № 5\nотчёт$/ });
  await right('.куьштв каждый понедельник в 9:00 планёрка', { en: /^⏰ Mon .+ 09:00, every week · no\. 6/, ru: /^⏰ пн .+ 09:00, каждую неделю · № 6/ });
  await right('.remind every day pills', { en: /09:00, every day · no\. 7\npills$/, ru: /09:00, каждый день · № 7\npills$/ });
  await right('.remind buy milk in 20 minutes', /^⏰ .+ 8\nbuy milk$/);
  const spring = nightWithoutHalfPastTwo();
  await right(`.remind ${spring.toFormat('d.M.yyyy')} 2:30 shift`, new RegExp(`${spring.day} .+ ${spring.year} 03:30 · .+ 9\nshift$`));
  await right('.remind 3d "quotes never closed <b>bold</b> **md** \u202egnp.exe', /10\n"quotes never closed <b>bold<\/b> \*\*md\*\*/);
  // The next one first; what comes at nine may stand between these.
  await right('.reminders', /^⏰ .+\n[^]*8\. .+ · buy milk\n[^]*1\. .+ · take the bread out\n[^]*2\. .+ · достать хлеб\n[^]*9\. .+ · shift/);
  await right('.forget 8', { en: '✅ Forgotten.', ru: '✅ Отменено.' });
  await right('.забудь № 10', { en: '✅ Forgotten.', ru: '✅ Отменено.' });
  await right('.forget #9', '✅');
  await right('.remind 5h first free number', /· (no\.|№) 8\n/);

  // It comes in reply to the command, to the message that was meant, or to nobody's eyes.
  const due = (chatKey: string, text: string) => sandbox.waitForMessage((one) => one.chatKey === chatKey && one.text === text, { timeoutMs: 30_000 });
  const said = sandbox.send.text({ from: anna, to: owner, text: 'the parcel is at the post office' });
  await right('.remind 1s', /^⏰ .+ 9$/, { replyTo: said });
  const typed = await right('.remind 1s tea', /^⏰ .+\ntea$/, { to: boris });
  const aside = await right('.remind -s 1s cake', /\ncake$/, { to: club });
  expect((await due(said.chatKey, language === 'en' ? '⏰ You asked to be reminded' : '⏰ Вы просили напомнить')).replyToKey).toBe(said.key);
  expect((await due(typed.chatKey, '⏰ tea')).replyToKey).toBe(typed.key);
  const cake = await sandbox.waitForMessage(({ text }) => text === '⏰ cake', { timeoutMs: 30_000 });
  expect([cake.chatKey === aside.chatKey, cake.replyToKey]).toEqual([false, undefined]);

  const unclear = { en: /^⚠️ I do not understand when\. For example: 2h, tomorrow 9:00/, ru: /^⚠️ Не понимаю, когда\. Например: 2 часа, завтра в 9:00/ };
  for (const line of ['.remind buy milk', '.remind 31 февраля чай', '.remind feb 31 tea', '.remind 30.02.2027 чай', '.remind 25:00 tea', '.remind tomorrow 9:60 tea', '.remind 30 tea']) {
    await wrong(line, unclear);
  }
  const past = { en: /^⚠️ That time is past: .+\.$/, ru: /^⚠️ Это время уже прошло: .+\.$/ };
  for (const line of ['.remind yesterday 9:00 x', '.remind вчера в 9 x', '.remind 2 hours ago x', '.remind час назад x', '.remind 1.1.2020 x', '.remind 0h x', '.remind -2h x']) await wrong(line, past);
  await wrong('.remind 2h', { en: '⚠️ Of what? Say it after the time, or reply', ru: '⚠️ О чём? Напишите после времени или ответьте' });
  await wrong('.remind', { en: /^⚠️ .*\.remind/, ru: /^⚠️ .*\.remind/ });
  for (const line of ['.remind every 2 hours x', '.remind каждые два часа x', '.remind every weekday 9:00 x', '.remind every day 25:00 x']) {
    await wrong(line, { en: '⚠️ It can come every day or once a week: every monday 9:00.', ru: '⚠️ Повторять можно каждый день или раз в неделю: каждый понедельник в 9:00.' });
  }
  await wrong('.remind --savd 2h x', { en: '--saved', ru: '--saved' });
  await wrong('.reminders all', { en: 'One too many: “all”.', ru: 'all' });
  await wrong('.forget', { en: '.forget', ru: '.forget' });
  for (const number of ['99', '0', '-1', '1.5', 'NaN', 'two']) await wrong(`.forget ${number}`, { en: `There is no reminder ${number}.`, ru: `Напоминания ${number} нет.` });

  const far = { en: '⚠️ That is too far ahead: 20 years at most.', ru: '⚠️ Это слишком далеко: не больше 20 лет вперёд.' };
  for (const line of ['.remind 31.12.9999 23:59 x', '.remind in 9999 years x', '.remind через 9999 лет x', '.remind 100000000d x']) await hostile(line, far);
  for (const when of ['99999999999999999999h', 'NaN', 'Infinity', '1e308h', '__proto__', '$(reboot)', '`id`', '../../etc/passwd', '\u0000\u0007\u202e']) await hostile(`.remind ${when} x`, unclear);
  await hostile(`.remind ${'9'.repeat(4000)}`, unclear);
  await hostile(`.remind ${'завтра '.repeat(500)}`, /^⏰ .+ 09:00/);
  await hostile(`.remind --saved 4h ${'x'.repeat(4000)}`, /^⏰ .+\nx+$/);
  await hostile('.reminders $(reboot)', '⚠️');
  for (const what of ['__proto__', 'constructor', '1; rm -rf /', '../1', '"1', '\u202e1']) await hostile(`.forget ${what}`, /^⚠️ [^\n]+$/);
  await hostile(`.forget ${'1'.repeat(4000)}`, /^⚠️ [^\n]{1,300}$/);
  await right('.forget all', { en: /^✅ Forgotten: 10$/, ru: /^✅ Отменено: 10$/ });
  await right('.forget все', { en: '⏰ No reminders.', ru: '⏰ Напоминаний нет.' });
}
