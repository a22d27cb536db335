import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { expect } from 'vitest';
import { archiveOf } from '../../../../src/modules/foreign/make-package.js';
import { moduleSource, packed } from '../../../modules/foreign/support/foreign-ground.js';
import type { Said, Typist } from '../typist.js';

const dice = await readFile(new URL('../../../fixtures/modules/dice/module.js', import.meta.url), 'utf8');
const reaches = await readFile(new URL('../../../fixtures/modules/hostile/reaches-out.js', import.meta.url), 'utf8');
const ANSWER_MS = 30_000;

/** @param allowed folder of the machine from which modules may be loaded */
export const loaderScript = (allowed: string) => async (typist: Typist): Promise<void> => {
  const { right, wrong, hostile, sandbox, owner, anna, boris, daemon, language } = typist;
  const file = (bytes: Uint8Array): { replyTo: ReturnType<typeof sandbox.send.file> } => ({ replyTo: sandbox.send.file({ from: anna, to: owner, bytes: Buffer.from(bytes), durationSec: 0, fileName: 'module.tar.gz' }) });
  /** Says yes or no to what a message asks, and waits for what it comes to. */
  const answered = async ({ key }: { key: number }, word: string, said: Said): Promise<void> => {
    const pattern = typeof said === 'string' || said instanceof RegExp ? said : said[language];
    const fits = (text: string): boolean => (typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text));
    sandbox.send.text({ from: owner, to: anna, text: word });
    await sandbox.waitForMessage((one) => one.key === key && fits(one.text), { timeoutMs: ANSWER_MS });
  };
  const letIn = { en: 'is let in and runs', ru: 'подключён и работает' };
  const asks = { en: 'Let it in?', ru: 'Подключить?' };

  await right('.mod-info', { en: 'No module of somebody else was let in. Reply to one’s file with .loadmod.', ru: 'Сторонних модулей нет.' });
  const offered = await right('.loadmod', { en: /^🧩 Dice \(dice 1\.0\.0\)\n[^]*It will be able to:\n• keep data of its own\nCommands: roll, кубик\n1 file, SHA-256 [0-9a-f]{16}…\n\nLet it in\?/, ru: /^🧩 Кубики \(dice 1\.0\.0\)\n[^]*Он сможет:\n• хранить свои данные\nКоманды: roll, кубик\nФайлов: 1, SHA-256 [0-9a-f]{16}…\n\nПодключить\?/ }, file(await archiveOf(await packed(dice))));
  await answered(offered, '.no', { en: '👌 It was not let in.', ru: '👌 Не подключён.' });
  await answered(await right('юдщфвьщв', asks, file(await archiveOf(await packed(dice)))), '.yes', letIn);
  await right('.roll 2', /^🎲 \d \d \(.*2\)$/, { to: boris });
  await right('.кубик 3', /^🎲 \d \d \d \(.*5\)$/);
  await right('.mod-info dice', { en: /^🧩 Dice[^]*\n✅ Runs since [^]*\nMay:\n• keep data of its own\nCommands: roll, кубик\n\nPinned, SHA-256 of the manifest:\n([0-9a-f]{8} ?){8}\n/, ru: /^🧩 Кубики[^]*\n✅ Работает с [^]*\nМожет:\n• хранить свои данные\nКоманды: roll, кубик\n\nЗакреплено, SHA-256 манифеста:\n([0-9a-f]{8} ?){8}\n/ });

  const reply = { en: 'Reply to the module’s .tar.gz, or name its folder.', ru: 'Ответьте на .tar.gz модуля или назовите его папку.' };
  await wrong('.loadmod', reply);
  await wrong('.loadmod', reply, { replyTo: sandbox.send.text({ from: anna, to: owner, text: 'no file' }) });
  await wrong('.loadmod', { en: 'This is no module', ru: 'Это не модуль' }, file(Buffer.from('words, and no archive')));
  await wrong('.loadmod none', { en: /I cannot read the folder .*none\.$/, ru: /Не могу прочитать папку .*none\.$/ });
  await wrong('.mod-info dise', { en: 'Did you mean dice?', ru: 'Может быть, dice?' });
  await wrong('.mod-info dice too', { en: 'One too many: “too”.', ru: 'Это лишнее: «too».' });
  await wrong('.unloadmod', { en: 'Missing: module.', ru: 'Не хватает: модуль.' });
  await wrong('.unloadmod dise', { en: 'Did you mean dice?', ru: 'Может быть, dice?' });

  // Places that are none of its business, and names that are none.
  const alone = { en: `Modules are loaded from ${allowed} alone.`, ru: `Модули загружаются только из ${allowed}.` };
  await mkdir(join(allowed, 'linked'), { recursive: true });
  await rm(join(allowed, 'out'), { force: true });
  await symlink(daemon.dataDir, join(allowed, 'out'));
  await rm(join(allowed, 'linked', 'gramscribe-module.json'), { force: true });
  await symlink('/etc/passwd', join(allowed, 'linked', 'gramscribe-module.json'));
  for (const place of ['/etc', '..', '../..', `${allowed}/../x`, daemon.dataDir, `${allowed}/out`, 'out', allowed, '.']) await hostile(`.loadmod ${place}`, alone);
  await hostile('.loadmod linked', { en: 'is no plain file', ru: 'не обычный файл' });
  for (const place of ['$(reboot)', '`id`; rm -rf /', '__proto__', `"a'`, '<b>x</b>', 'x'.repeat(3900)]) await hostile(`.loadmod ${place}`, /^⚠️ [^\n]{5,250}$/);
  for (const name of ['__proto__', 'constructor', '../../dice', '$(id)', '\u202eecid', 'status', 'm'.repeat(250)]) {
    await hostile(`.mod-info ${name}`, { en: /^⚠️ No module [^\n\u202e]{1,80} of somebody else/, ru: /^⚠️ Стороннего модуля [^\n\u202e]{1,80} нет/ });
    await hostile(`.unloadmod ${name}`, { en: /^⚠️ No module/, ru: /^⚠️ Стороннего модуля/ });
  }

  // Archives that would like to be something else.
  const entry = (name: string, text = 'x'): TarEntry => ({ header: { name, size: text.length }, body: text });
  const tar = async (...entries: TarEntry[]): Promise<Uint8Array> => gzipSync(await packTar(entries));
  const kind = async (type: 'symlink' | 'link' | 'character-device' | 'fifo'): Promise<Uint8Array> => tar({ header: { name: 'a', size: 0, type, linkname: '/etc/passwd' } });
  const plain = { en: 'is no plain file', ru: 'не обычный файл' };
  const name = { en: 'has a name that is not taken', ru: 'Имя файла в пакете не подходит' };
  const large = { en: 'too large', ru: 'слишком больш' };
  const manifest = { en: 'The manifest is not as it has to be', ru: 'Манифест не такой, как нужно' };
  const changed = async (change: (manifest: object) => unknown): Promise<Uint8Array> => archiveOf(await packed(dice, change));
  const withProto = (await packed(dice)).set('gramscribe-module.json', Buffer.from('{"contract":1,"__proto__":{"uses":["send"]},"constructor":{}}'));
  const cases: [Uint8Array, Said][] = [
    [await kind('symlink'), plain],
    [await kind('link'), plain],
    [await kind('character-device'), plain],
    [await kind('fifo'), plain],
    [await tar(entry('../../data/x.js')), name],
    [await tar(entry('/etc/cron.d/x')), name],
    [await tar(entry('a.js'), entry('a.js')), { en: 'a.js twice', ru: 'a.js в пакете дважды' }],
    [gzipSync(Buffer.alloc(20_000_000)), large],
    [new Uint8Array(1_000_001), large],
    [await tar(...Array.from({ length: 70 }, (_, at) => entry(`a${at}.js`))), { en: 'Too many files: 64 at most.', ru: 'Слишком много файлов: не больше 64.' }],
    [await tar(entry('a.js')), { en: 'There is no gramscribe-module.json', ru: 'нет gramscribe-module.json' }],
    [await archiveOf((await packed(dice)).set('more.js', new Uint8Array())), { en: 'more.js is in the package, but not in the manifest', ru: 'more.js есть в пакете, но не назван' }],
    [await archiveOf((await packed(dice)).set('module.js', new Uint8Array(9))), { en: 'module.js is not the file that the manifest pins', ru: 'не тот файл, что записан в манифесте' }],
    [await archiveOf(withProto), manifest],
    [await changed((one) => ({ ...one, uses: ['store', 'root'] })), manifest],
    [await changed((one) => ({ ...one, name: '../x' })), manifest],
    [await changed((one) => ({ ...one, entry: '../../app.js' })), manifest],
    [await changed((one) => ({ ...one, contract: 2 })), { en: 'written for version 2 of the contract', ru: 'написан для версии 2 контракта' }],
    [await archiveOf(await packed(moduleSource({ name: 'status', command: 'mine' }))), { en: 'status is the name of a module that comes with the program', ru: 'status — имя встроенного модуля' }],
    [await archiveOf(await packed(moduleSource({ command: 'stop' }))), { en: /the command stop is one of the module status$/, ru: /stop/ }],
    [await archiveOf(await packed(moduleSource({ before: "import fs from 'node:fs';" }))), { en: 'nothing from npm or Node', ru: 'ничего из npm и Node' }],
    [await archiveOf(await packed(moduleSource({ before: "throw new Error('no\\nway \\u202ex');" }))), { en: /failed when it was loaded: no way [^\u202e]*$/, ru: /ошибка: no way [^\u202e]*$/ }],
  ];
  for (const [bytes, said] of cases) await wrong('.loadmod', said, file(bytes));
  expect(await readdir(join(daemon.dataDir, 'modules'))).toEqual(['dice']);

  // A folder of the machine: what reaches out is let in, and finds nothing.
  await mkdir(join(allowed, 'reaches'), { recursive: true });
  for (const [path, bytes] of await packed(reaches)) await writeFile(join(allowed, 'reaches', path), bytes);
  await answered(await right('.loadmod reaches', { en: /nothing but to answer its commands[^]*Let it in\?/, ru: /только отвечать на свои команды[^]*Подключить\?/ }), '.yes', letIn);
  const tried = await hostile(`.reach ${daemon.dataDir}`, /^\{/);
  expect(Object.values(JSON.parse(tried.text) as object).filter((one) => !String(one).startsWith('refused: '))).toEqual([]);
  // Changed on the disk after it was let in: what runs is what was pinned; it is told, and not started again.
  await writeFile(join(daemon.dataDir, 'modules', 'reaches', '1.0.0', 'module.js'), `${reaches}\n`);
  await hostile('.mod-info reaches', { en: /✅ Runs since [^]*⚠️ Its files are not those that you let in: module\.js/, ru: /✅ Работает с [^]*⚠️ Его файлы не те, что вы подключали: module\.js/ });
  await right('.disable reaches', '💤');
  await right('.mod-info reaches', { en: '⚪️ Switched off: .enable reaches', ru: '⚪️ Выключен: .enable reaches' });

  for (const module of ['reaches', 'dice']) await answered(await right(`.unloadmod ${module}`, { en: 'with everything that it has stored?', ru: 'со всем, что он сохранил?' }), '.yes', { en: `✅ ${module} is gone.`, ru: `✅ Модуля ${module} больше нет.` });
  await wrong('.mod-info dice', { en: 'No module dice of somebody else was let in.', ru: 'Стороннего модуля dice нет.' });
  expect(await readdir(join(daemon.dataDir, 'modules'))).toEqual([]);
};
