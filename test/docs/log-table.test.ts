import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/setup/paths.mjs';
import { alarmingLines, lifecycleLines, type LogLine } from './log-lines.js';

/** Parts of other lines, lines of the tests' own world, and lines that come whole from elsewhere. */
const NOT_IN_THE_TABLE: Record<string, string> = {
  'lifecycle.leaseHolder': 'names the other process in the line about it',
  'lifecycle.stopAdvice': 'ends the lines about a refused session',
  'lifecycle.probeStands': 'is the reason in the line about being stuck',
  '{warning}': 'a setting that does not exist is named with the one that was meant',
  '{accountEndText(end, texts)}': 'chooses among texts of the life-cycle',
  'test data centres in use: this process does not talk to Telegram': 'is said in tests alone',
};

const written = [...lifecycleLines(), ...alarmingLines()];

/** What the tables below "Reading the log" show, with `…` for what differs. */
function explained(): string[] {
  const page = readFileSync(join(projectRoot, 'docs/operations.md'), 'utf8');
  const section = page.split(/^(?=## )/m).find((part) => part.startsWith('## Reading the log')) ?? '';
  const cells = [...section.matchAll(/^\| (.+?) \| (.+?) \|/gm)].flatMap(([, line = '', meaning = '']) => [line, meaning]);
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => withBlanks(code)));
}

function withBlanks(code: string): string {
  return code.replace(/\b(N|NAME|REASON|CODE|WHO|WHAT|FOLDER|PORT|PROXY|DATE)\b/g, '…');
}

function isExplained({ from, text }: LogLine, lines: string[]): boolean {
  if (from in NOT_IN_THE_TABLE || text in NOT_IN_THE_TABLE) return true;
  // A page may break off where the rest says no more.
  return lines.some((line) => text.startsWith(line.replace(/…$/, '')) && line.replaceAll('…', '').trim().length >= 5);
}

test('every line of the life-cycle, and every warning or worse, is explained in docs/operations.md', () => {
  const lines = explained();
  expect(written.length).toBeGreaterThan(50);
  expect(written.filter((line) => !isExplained(line, lines))).toEqual([]);
});

test('what is left out of the table on purpose still exists', () => {
  const known = written.flatMap(({ from, text }) => [from, text]);
  expect(Object.keys(NOT_IN_THE_TABLE).filter((key) => !known.includes(key))).toEqual([]);
});

test('a line that nobody explained would be seen', () => {
  expect(isExplained({ from: 'src/x.ts', text: 'the moon fell down' }, explained())).toBe(false);
  expect(isExplained({ from: 'src/x.ts', text: 'Redis is green' }, explained())).toBe(false);
});
