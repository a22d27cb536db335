import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { documentedModules } from '../../src/cli/documented-modules.js';
import { settings } from '../../src/config/settings.js';
import { SPEECH_MODELS } from '../../src/setup/model-catalogue.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
  'src/speech/bundled/README.md',
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function withoutCodeBlocks(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, '');
}

function codeBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
}

function codeSpans(markdown: string): string[] {
  return [...withoutCodeBlocks(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

function headings(markdown: string): { level: number; text: string }[] {
  const found = withoutCodeBlocks(markdown).matchAll(/^(#+) (.+)$/gm);
  return [...found].map(([, marks = '', text = '']) => ({ level: marks.length, text }));
}

/** How GitHub makes an address of a heading. */
function anchor(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

/** The first cells of the table rows below a heading. */
function firstCells(markdown: string, heading: RegExp): string[] {
  const section = markdown.split(/^(?=## )/m).find((part) => heading.test(part.split('\n')[0] ?? '')) ?? '';
  return [...section.matchAll(/^\| (.+?) \|/gm)].map(([, cell = '']) => cell);
}

/** All of the program's own sources, as one text. */
function sources(): string {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /\.(ts|mjs)$/.test(file)).map((file) => read(join('src', file))).join('\n');
}

/** What is said literally in a line of the log that a page shows: without numbers, codes and other blanks. */
function literalParts(line: string): string[] {
  return line.split(/…|\d+|\([A-Z_]+\)|\b(?:N|NAME|REASON|CODE|WHO|WHAT|FOLDER|PORT|PROXY|DATE|base)\b|`/).map((part) => part.trim()).filter((part) => part.length >= 6);
}

describe.each(pages)('%s', (page) => {
  const markdown = read(page);

  test('links only to files and headings that exist', () => {
    const links = [...withoutCodeBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    for (const link of links.filter((target) => !/^https?:/.test(target))) {
      const [path = '', fragment] = link.split('#');
      const file = path === '' ? join(root, page) : resolve(root, dirname(page), path);
      expect(existsSync(file), `${page} links to ${link}`).toBe(true);
      if (fragment === undefined) continue;
      expect(headings(readFileSync(file, 'utf8')).map(({ text }) => anchor(text)), link).toContain(fragment);
    }
  });

  test('names only files and folders that exist', () => {
    const named = codeSpans(markdown).filter((code) => /^(src|test|docs|docker)\/[\w./-]+$/.test(code));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const commands = [...codeBlocks(markdown), ...codeSpans(markdown)].join('\n');
    const named = [...commands.matchAll(/\bnpm (?:run ([\w:]+)|(start|test)\b)/g)].map(([, run, own]) => run ?? own ?? '');
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names only settings that exist', () => {
    const known = Object.values(settings).map(({ variable }) => variable);
    const named = markdown.match(/\b(?:GRAMSCRIBE|TELEGRAM|SESSION)_[A-Z_]+\b/g) ?? [];
    const codesOfTelegram = /_(?:REVOKED|EXPIRED)$/;
    expect(named.filter((name) => !known.includes(name) && !codesOfTelegram.test(name))).toEqual([]);
  });

  test('does not need a folder outside of the repository', () => {
    expect(markdown).not.toMatch(/\.\.\/shared|\/work\//);
  });
});

describe('the two READMEs', () => {
  const english = read('README.md');
  const russian = read('docs/README.ru.md');

  test('have the same headings, tables and links', () => {
    const shape = (markdown: string): unknown => ({
      levels: headings(markdown).map(({ level }) => level),
      columns: [...withoutCodeBlocks(markdown).matchAll(/^\|.*\|$/gm)].map(([row]) => row.split(' | ').length),
      targets: [...markdown.matchAll(/\]\((?!https?:)([^)]+)\)/g)]
        .map(([, target = '']) => target.replace(/^(\.\.\/)?(docs\/)?/, ''))
        .map((target) => target.replace(/^README(\.ru)?\.md$/, 'the other').replace(/\.ru\.(png|md)$/, '.$1')),
    });
    expect(shape(russian)).toEqual(shape(english));
  });

  test('show the same commands', () => {
    const commands = (markdown: string): string[] =>
      codeBlocks(markdown).map((code) => code.replace(/^#.*\n/gm, '').replace(/ +# .*$/gm, '').replace(/git clone \S+/, 'git clone'));
    expect(commands(russian)).toEqual(commands(english));
  });

  test.each([
    ['README.md', /Commands in chats/],
    ['docs/README.ru.md', /Команды в чатах/],
  ])('%s names only commands that can be typed in a chat', async (page, heading) => {
    const section = read(page).split(/^(?=## )/m).find((part) => heading.test(part.split('\n')[0] ?? '')) ?? '';
    const named = codeSpans(section).flatMap((code) => /^\.([a-z-]+)/.exec(code)?.[1] ?? []);
    const existing = (await documentedModules()).flatMap(({ commands }) => commands.map(({ name }) => name));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  });

  test.each(['README.md', 'docs/README.ru.md'])('%s has the sizes of the catalogue', (page) => {
    const rows = [...read(page).matchAll(/^\| `([\w.-]+)`[^|]*\| ([\d.,]+) (MiB|GiB|МиБ|ГиБ) \|/gm)];
    expect(rows.length).toBeGreaterThan(4);
    for (const [, name, size = '', unit = ''] of rows) {
      const bytes = SPEECH_MODELS.find((model) => model.name === name)?.approximateBytes ?? 0;
      const scale = /^[GГ]/.test(unit) ? 2 ** 30 : 2 ** 20;
      expect((bytes / scale).toFixed(/[.,]/.test(size) ? 1 : 0), name).toBe(size.replace(',', '.'));
    }
  });
});

describe('lines of the log that a page explains', () => {
  const text = sources();

  test.each([
    ['README.md', /When something goes wrong/],
    ['docs/README.ru.md', /Если что-то пошло не так/],
    ['docs/operations.md', /Reading the log/],
    ['docs/operations.md', /When Telegram refuses/],
  ])('%s: are written by the program (%s)', (page, heading) => {
    const lines = firstCells(read(page), heading).flatMap(codeSpans);
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.flatMap(literalParts).filter((part) => !text.includes(part))).toEqual([]);
  });
});

