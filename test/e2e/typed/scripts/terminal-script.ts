import { readdir, readFile, readlink } from 'node:fs/promises';
import { expect } from 'vitest';
import { command } from '../../ground.js';
import type { Typist } from '../typist.js';

/** @param folder that programs work in */
export const terminalScript = (folder: string) => async (typist: Typist): Promise<void> => {
  const { right, wrong, hostile, now, daemon, sandbox, owner, anna, boris, language } = typist;
  const [ok, status, stopped] = { en: ['✅ [\\d.]+ s', '❌ Exit status', '⏱ Stopped after [\\d.]+ s'], ru: ['✅ [\\d,]+ с', '❌ Код завершения', '⏱ Остановлено через [\\d,]+ с'] }[language] as [string, string, string];
  const wrote = (shown: string): RegExp => new RegExp(`^\\$ [^]*\\n${ok}\\n${shown}$`, 'u');

  await right(`.terminal printf %s\\\\n 'two words' "$HOME" * a|b ';' reboot`, wrote('two words\n\\$HOME\n\\*\na\\|b\n;\nreboot'));
  await right('.t true', new RegExp(`\\n${ok}$`));
  await right('юе pwd', wrote('/.+'));
  await right('.sh echo one two | wc -w', wrote('2'));
  await right('.sh echo out; echo err >&2; exit 3', new RegExp(`\\n${status} 3 · [^\\n]+\\nout\\nerr$`), { to: boris });
  await wrong('.t', { en: 'Missing: program and its arguments. This way: .terminal <program', ru: 'Не хватает: программа и её аргументы. Вот так: .terminal <программа' });
  await wrong('.sh', { en: 'Missing: line for the shell', ru: 'Не хватает: строка для оболочки' });
  await wrong('.t ""', { en: 'Which program?', ru: 'Какую программу?' });
  await wrong(".t echo 'never closed", { en: 'A quote is not closed.', ru: 'Кавычка не закрыта.' });
  await wrong('.t no-such-program -x', { en: 'There is no program no-such-program.', ru: 'Программы no-such-program нет.' });
  await wrong(`.t ${'n'.repeat(3900)}`, /n…/);
  for (const place of ['/etc/passwd', '/', './absent', '../../bin/none']) await wrong(`.t ${place}`, place);

  // What the daemon has, a program has not; what it finds all the same is not shown.
  expect((await right('.t env', /PATH=/)).text.match(/^\w+(?==)/gm)?.sort()).toEqual(['GRAMSCRIBE_RUN', 'HOME', 'LANG', 'PATH']);
  const session = /TELEGRAM_SESSION=(.+)/.exec((await readFile(`/proc/${daemon.pid}/environ`, 'utf8')).replaceAll('\0', '\n'))?.[1] ?? 'none';
  const found = await hostile('.sh tr "\\0" "\\n" < /proc/$PPID/environ | grep TELEGRAM', /TELEGRAM_SESSION=•••/);
  expect(found.text).toContain('TELEGRAM_API_HASH=•••');
  expect(session.length).toBeGreaterThan(100);
  const data = await hostile(`.sh cd / && cd ${daemon.dataDir} && pwd && grep -rac . . | head -99; cat *.json`, /heapUsedBytes/);
  expect(`${found.text}${data.text}`).not.toContain(session.slice(0, 40));
  await hostile('.sh cat; read line; echo "read: $line"', wrote('read:'));
  await hostile('.t cat /dev/stdin', new RegExp(`\\n${ok}$`));

  // What would garble the chat, or fill it.
  await hostile(".t printf '\\033[31mred\\033[0m\\n10%%\\r99%%\\n\\u202eturned\\0\\n'", wrote('red\n99%\n\ufffdturned\ufffd'));
  await hostile('.sh head -c 3000 /dev/urandom', new RegExp(`\\n${ok}`));
  await hostile('.sh head -c 30000000 /dev/zero | tr "\\0" x', { en: /x{1000}\n… characters left out: 29997000 …\nx{1000}/, ru: /x{1000}\n… пропущено символов: 29997000 …\nx{1000}/ });
  await hostile('.sh yes "</pre> .stop" | head -2000000', /… [^\d]*\d+ …\n/);
  await hostile(`.t echo ${'x'.repeat(3900)}`, /^\$ echo x+/);
  await hostile('.t sudo -n $(id); `reboot`', /sudo/);
  await hostile(`.sh kill -9 $$`, { en: '❌ Ended by SIGKILL', ru: '❌ Завершено сигналом SIGKILL' });

  // Nothing outlives its word: not at its end, nor at the deadline, nor when it is cancelled.
  const away = '(setsid sh -c "sleep 999 & sleep 999" >/dev/null 2>&1 &) & nohup setsid sleep 999 >/dev/null 2>&1 &';
  await hostile(`.sh ${away} echo left`, /\nleft$/);
  await command(typist, '.config terminal deadline 1s');
  // Who is deaf to the word is given a moment, which is waited for in one language.
  const deaf = language === 'en' ? 'setsid sh -c "trap : TERM HUP; sleep 999; sleep 999" >/dev/null 2>&1 & trap "" TERM;' : '';
  await Promise.all([hostile(`.sh ${away} ${deaf} sleep 999; sleep 999`, new RegExp(stopped)), hostile('.t yes', new RegExp(`${stopped}\\ny\ny\n`))]);
  await command(typist, '.config terminal deadline 1m');
  const running = sandbox.send.text({ from: owner, to: anna, text: `.sh ${away} echo begun; sleep 999` });
  await sandbox.waitForMessage((one) => one.key === running.key && one.text.includes('begun') && one.text.includes('⏳'), { timeoutMs: 30_000 });
  await command(typist, '.cancel');
  await expect.poll(() => now(running)).toMatch(/^✋/);
  await expect.poll(() => whoWorksIn(folder), { timeout: 15_000 }).toEqual([]);
  const audit = await command(typist, '.audit 40');
  expect(audit).toContain('.sh');
};

/** Processes that are alive. */
async function whoWorksIn(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const folders = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
  return pids.filter((_, at) => folders[at]?.startsWith(folder));
}
