import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandsPage } from '../../src/cli/commands-page.js';
import { documentedModules } from '../../src/cli/documented-modules.js';
import type { Module } from '../../src/modules/contract/index.js';

const root = new URL('../../', import.meta.url);

test.each([
  ['docs/commands.md', 'en' as const],
  ['docs/commands.ru.md', 'ru' as const],
])('%s is what the definitions say; `npm run docs` writes it', async (page, language) => {
  expect(await readFile(new URL(page, root), 'utf8')).toBe(commandsPage(await documentedModules(), language));
});

test('each command and setting of every module is there, with all that one has to know', async () => {
  const modules = await documentedModules();
  expect(modules.length).toBeGreaterThan(5);
  const page = commandsPage(modules, 'en');
  for (const { commands, settings, name } of modules) {
    for (const command of commands) {
      const section = page.split(`\n### .${command.name}\n`)[1]?.split('\n#')[0] ?? '';
      for (const { does } of command.about.en.examples) expect(section).toContain(does.replaceAll('|', String.raw`\|`));
      for (const flag of Object.keys(command.flags ?? {})) expect(section).toContain(`--${flag}`);
    }
    for (const key of Object.keys(settings)) expect(page).toContain(`.config ${name} ${key}`);
  }
});

test('what a person typed into a definition cannot break a table', () => {
  const text = { en: 'a|b', ru: 'a|b' };
  const examples = [{ type: 'do `x` | y', does: 'one\ntwo' }];
  const about = { summary: 's', examples };
  const module = { name: 'm', about: { en: { title: 'M', summary: 's' } }, commands: [{ name: 'do', about: { en: about }, args: { a: { kind: 'word', label: text } } }], settings: {} };
  const page = commandsPage([module as unknown as Module], 'en');
  expect(page).toContain(String.raw`| \`\` .do \`x\` \| y \`\` | one two |`.replaceAll('\\`', '`'));
});
