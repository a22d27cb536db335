import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { documentedModules } from '../../../src/cli/documented-modules.js';

const builtin = new URL('../../../src/modules/builtin/', import.meta.url);
const names = readdirSync(builtin, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const commands = (await documentedModules()).flatMap((module) => module.commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]));

function linesOf(name: string, language: 'en' | 'ru'): string[] {
  return readFileSync(new URL(`${name}/texts/${language}.ts`, builtin), 'utf8').split('\n');
}

test.each(names)('the texts of %s name no command with a prefix that can be another one', (name) => {
  const hardCoded = new RegExp(String.raw`(?<![\p{L}\d})\]$/.])\.(?:${commands.join('|')})(?![\p{L}\d(])`, 'u');
  expect([...linesOf(name, 'en'), ...linesOf(name, 'ru')].filter((line) => hardCoded.test(line))).toEqual([]);
});

test.each(names)('the Russian texts of %s have one kind of dash, and quotes around «Избранное»', (name) => {
  expect(linesOf(name, 'ru').filter((line) => line.includes('–') || /(?<!«)Избранн/.test(line))).toEqual([]);
});

test('a prefix in a text would be seen', () => {
  expect(names.length).toBeGreaterThan(8);
  expect(commands).toContain('cancel');
});
