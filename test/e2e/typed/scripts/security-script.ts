import { expect } from 'vitest';
import type { SandboxMessage } from '../../../../src/sandbox/control/views.js';
import type { Place, Said, Typist } from '../typist.js';

export async function securityScript({ language, right, wrong, hostile, now, sandbox, owner, anna, boris }: Typist): Promise<void> {
  const club = sandbox.addSupergroup({ title: 'Club', members: [owner, anna, boris] });
  const said = sandbox.send.text({ from: anna, to: club, text: 'hello' });
  const saved = (): string[] => sandbox.messagesOf(owner, owner).map(({ text }) => text);
  const isEnglish = language === 'en';
  /** Types a line that asks, says yes, and waits for what stands there then. */
  const agreed = async (line: string, question: Said, answer: RegExp, place: Place = {}): Promise<SandboxMessage> => {
    const asked = await right(line, question, place);
    sandbox.send.text({ from: owner, to: place.to ?? anna, text: '.yes' });
    return sandbox.waitForMessage(({ key, text }) => key === asked.key && answer.test(text), { timeoutMs: 30_000 });
  };

  await right('.audit', { en: '📒 Nobody else has used or tried anything.', ru: /^📒 Никто другой/ });
  await right('.rules', /👥 family: [^]*\.transcribe \((only|только) [^]*👥 trusted: [^]*\.ping · /);
  await right('.правила', /👥 trusted/);
  await right('.кгдуы', /👥 trusted/);

  await agreed('.grant @anna_k ping', { en: /^🔐 Anna \(@anna_k\) may use, until .*\d\d:\d\d.*, exactly this:\n\.ping · round trip/, ru: /^🔐 Anna \(@anna_k\): будет доступно до .*\d\d:\d\d.* только это:\n\.ping · время/ }, /^✅ Anna \(@anna_k\).*\.ping/);
  expect(saved().at(-1)).toMatch(isEnglish ? /^🔐 Anna \(@anna_k\) may now use \.ping until .*\.revoke$/ : /^🔐 Anna \(@anna_k\): теперь доступно \.ping до .*\.revoke$/);
  await agreed('.grant @anna_k voice for 2 days', /\.tracked · [^]*\.why · /, /voice \(\.tracked .*\.why/);
  await agreed('.дать @boris_k .статус на 2 часа', /\.status · /, /\.status/);
  await agreed('.grant --own family ping навсегда', { en: /for good[^]*Only in reply to their own messages\./, ru: /бессрочно[^]*Только в ответ на собственные сообщения\./ }, /family.*\.ping/);
  await agreed(isEnglish ? '.grant here ping' : '.grant здесь ping', { en: 'everybody in the chat with Anna (@anna_k)', ru: 'все в чате с Anna (@anna_k)' }, /^✅/);
  await agreed('.grant here why', `-100${club.id ?? ''}`, /^✅/, { to: club });
  await agreed('.grant -1001234567890 ping forever', '-1001234567890', /^✅/);
  await agreed('.grant why', /Anna[^]*\.why · /, /^✅ Anna/, { to: club, replyTo: said });
  const refused = await right('.grant @boris_k why', /\.why · /);
  sandbox.send.text({ from: owner, to: anna, text: '.no' });
  await expect.poll(() => now(refused)).toBe(isEnglish ? '🔐 Nothing was given.' : '🔐 Доступ не дан.');
  await right('.rules', /👥 family[^]*👥 trusted[^]*👤 Anna[^]*👤 Boris[^]*💬 /);

  await right('.group', /👥 family: [^]*👥 trusted: |👥 trusted: [^]*👥 family: /);
  await agreed(isEnglish ? '.group family add @anna_k' : '.группа family добавить @anna_k', { en: 'Anna (@anna_k) joins family, which may use', ru: 'Добавить Anna (@anna_k) в группу family?' }, /^✅ Anna/);
  expect(saved().at(-1)).toMatch(isEnglish ? /^🔐 Anna \(@anna_k\) is now in the group family, which may use/ : /^🔐 Anna \(@anna_k\) теперь в группе family/);
  await right('.group family add @anna_k', { en: '✅ Anna (@anna_k) was in family already', ru: '✅ Anna (@anna_k) уже в группе family' });
  await agreed('.group choir add', { en: 'joins choir', ru: 'choir' }, /^✅ Anna/, { to: club, replyTo: said });
  await right('.group family', /^👥 family: Anna \(@anna_k\)/);
  await right('.group family remove @anna_k', { en: '✅ Anna (@anna_k) is no longer in family', ru: '✅ Anna (@anna_k) больше не в группе family' });
  await right('.group choir remove @anna_k', 'choir');

  await right('.revoke @anna_k пинг', { en: '✅ Taken back from Anna (@anna_k): .ping', ru: '✅ Anna (@anna_k): отозвано .ping' });
  await right('.revoke', /Anna.*voice \(/, { to: club, replyTo: said });
  await right(isEnglish ? '.revoke here' : '.отозвать здесь', '.ping');
  await right('.revoke -1001234567890 ping', '-1001234567890');
  await right('.revoke family ping', /family.*\.ping/);
  await right('.revoke all', { en: /^✅ Taken back from everybody: /, ru: /^✅ Все: отозвано / });
  await right('.revoke all', { en: '🔐 Nobody but you may use anything.', ru: '🔐 Никому, кроме вас, ничего не доступно.' });
  await right('.audit', { en: /^📒 Newest first\n.*🔐 taken back from everybody: [^]*🔐 given to Anna/, ru: /^📒 Сначала новое\n.*🔐 Все: отозвано [^]*🔐 Anna \(@anna_k\): дано/ });
  await right('.audit 1', /^📒 .*\n[^\n]*$/);

  for (const [line, en, ru] of [
    ['.grant', 'For whom?', 'Кому?'],
    ['.grant ping', 'For whom?', 'Кому?'],
    ['.grant @anna_k', 'What? A command or a module', 'Что? Команду или модуль'],
    ['.grant anna_k ping', 'There is no group anna_k. Did you mean @anna_k?', 'Группы anna_k нет. Может быть, @anna_k?'],
    ['.grant famliy ping', 'Did you mean family?', 'Может быть, family?'],
    ['.grant @anna_k pnig', 'There is no command or module pnig. Did you mean .ping?', 'Нет ни команды, ни модуля pnig. Может быть, .ping?'],
    ['.grant @anna_k stop', '.stop is for you alone: it can be given to nobody.', '.stop только для вас'],
    ['.grant @anna_k ping yesterday', '“yesterday” does not fit', '«yesterday» не подходит'],
    ['.grant --onw @anna_k ping', 'Did you mean --own?', 'Может быть, --own?'],
    ['.grant @anna_k ping 30s', 'Perhaps 1m?', 'Может быть, 1m?'],
    ['.revoke', 'From whom?', 'У кого?'],
    ['.revoke @boris_k', 'Nothing was given to Boris (@boris_k).', 'Boris (@boris_k): доступа и не было.'],
    ['.revoke famly', 'Did you mean family?', 'Может быть, family?'],
    ['.revoke all please', 'One too many: “please”.', '«please»'],
    ['.revoke module dice network', 'No module dice of somebody else was let in.', 'Стороннего модуля dice нет.'],
    ['.revoke module', 'From whom?', 'У кого?'],
    ['.rules all', 'One too many: “all”.', 'Это лишнее: «all».'],
    ['.group famly', 'There is no group famly. Did you mean family?', 'Группы famly нет. Может быть, family?'],
    ['.group orchestra', 'There is no group orchestra: .group shows them all.', 'Группы orchestra нет: .group покажет все.'],
    ['.group family kick @anna_k', '“kick” is neither add nor remove: .group family add @anna_k', '«kick»: добавить или убрать?'],
    ['.group family add', 'Say who: @name or an id', 'Назовите человека'],
    ['.group family remove @boris_k', 'Boris (@boris_k) is not in family.', 'Boris (@boris_k) не в группе family.'],
    ['.group ping add @anna_k', 'A group is named by 2 to 32 letters', 'Имя группы'],
    ['.audit many', 'a whole number from 1 to 100', 'целое число от 1 до 100'],
    ['.audit 101', 'Perhaps 100?', 'Может быть, 100?'],
  ] as const) {
    await wrong(line, { en, ru });
  }

  const rules = await right('.rules', /^🔐/);
  for (const [line, en, ru] of [
    ['.grant me ping', 'That is you', 'Это вы'],
    ['.grant 777000 ping', 'nobody in particular', 'нет человека'],
    ['.grant 1087968824 ping', 'nobody in particular', 'нет человека'],
    ['.grant 99999999999999999999 ping', 'For whom?', 'Кому?'],
    ['.grant @anna_k security', 'Everything in security is for you alone', 'Всё в модуле security только для вас'],
    ['.grant @anna_k grant', '.grant is for you alone', '.grant только для вас'],
    ['.grant @anna_k __proto__', 'no command or module __proto__', 'ни модуля __proto__'],
    ['.grant constructor ping', 'There is no group constructor', 'Группы constructor нет'],
    ['.grant @anna_k "$(reboot)" ; id', 'no command or module', 'Нет ни команды'],
    ['.grant @anna_k ../../etc/passwd', 'no command or module ../../etc/passwd.', 'ни модуля ../../etc/passwd.'],
    ['.grant @anna_k \u202e<b>gnip</b>\u0000', 'no command or module <b>gnip</b>', 'ни модуля <b>gnip</b>'],
    ['.grant @anna_k ping NaN', '“NaN” does not fit', '«NaN» не подходит'],
    ['.grant @anna_k ping -1h', '“-1h” does not fit', '«-1h» не подходит'],
    ['.grant @anna_k ping for 9999999d', 'Perhaps 366d?', 'Может быть, 366d?'],
    [`.grant @anna_k ${'x'.repeat(4000)}`, 'xxx….', 'xxx….'],
    [`.grant ${'👩‍👩‍👧'.repeat(300)} ping`, 'For whom?', 'Кому?'],
    ['.revoke __proto__', 'From whom?', 'У кого?'],
    ['.revoke @anna_k; .revoke all', 'From whom?', 'У кого?'],
    ['.revoke -1009999999999', 'Nothing was given', 'доступа и не было'],
    ['.revoke module ../../x network', 'No module ../../x', 'модуля ../../x нет'],
    ['.rules "; flushall', 'This quote is never closed', 'не закрыта'],
    ['.group __proto__ add @anna_k', 'A group is named by', 'Имя группы'],
    ['.group all add @anna_k', 'A group is named by', 'Имя группы'],
    ['.group family add 489000', 'nobody in particular', 'нет человека'],
    ['.group ../x', 'There is no group ../x', 'Группы ../x нет'],
    ['.audit -5', 'Perhaps 1?', 'Может быть, 1?'],
    ['.audit 1e400', 'a whole number', 'целое число'],
    ['.audit 0', 'Perhaps 1?', 'Может быть, 1?'],
  ] as const) {
    const answer = await hostile(line, { en, ru });
    expect(answer.text, line.slice(0, 100)).toMatch(/^⚠️ [^\n]{1,400}$/);
    expect(answer.text).not.toMatch(/[\p{Cc}\u202a-\u202e]/u);
  }
  await right('.rules', now(rules) ?? '');
}
