import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeSection } from '../../../src/cli/bench/benchmark-document.js';

let folder: string;
let document: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gramscribe-document-'));
  document = join(folder, 'benchmarks.md');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a command rewrites its own section and leaves the others as they are', async () => {
  await writeSection('speed', '## Speed\n\n| a | b |\n', document);
  await writeSection('memory', '## Memory\n\n100 MB', document);
  await writeSection('speed', '## Speed\n\n| $& | c |', document);
  const text = await readFile(document, 'utf8');
  expect(text).toContain('| $& | c |');
  expect(text).not.toContain('| a | b |');
  expect(text).toContain('## Memory\n\n100 MB');
  expect(text.match(/^# /gm)).toHaveLength(1);
});

test('sections stand in the order of the document, whichever was measured first', async () => {
  for (const name of ['of-somebody-else', 'quality', 'voices', 'speed-base']) await writeSection(name, `## ${name}`, document);
  const headings = [...(await readFile(document, 'utf8')).matchAll(/^## (.*)$/gm)].map(([, name]) => name);
  expect(headings).toEqual(['voices', 'speed-base', 'quality', 'of-somebody-else']);
});

test('writing the same section again changes nothing', async () => {
  await writeSection('speed', '## Speed', document);
  await writeSection('quality', '## Quality', document);
  const once = await readFile(document, 'utf8');
  await writeSection('speed', '## Speed', document);
  expect(await readFile(document, 'utf8')).toBe(once);
});

test('a document that cannot be read is not overwritten', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(writeSection('speed', '## Speed', join(folder, 'file', 'benchmarks.md'))).rejects.toThrow('ENOTDIR');
});
