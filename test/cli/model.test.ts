import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { listModels, type ModelDependencies, pullNamedModel, useModel } from '../../src/cli/model.js';
import { createProgressLine } from '../../src/cli/progress-line.js';
import { textsFor } from '../../src/i18n/texts.js';
import { modelPath } from '../../src/setup/paths.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';
import { status, unrulyServer } from '../support/unruly-server.js';

const { signal } = new AbortController();

interface Terminal extends ModelDependencies {
  lines: string[];
  chosen: string[];
}

async function terminal(mirror?: string): Promise<Terminal> {
  const lines: string[] = [];
  const chosen: string[] = [];
  return {
    lines,
    chosen,
    cacheDir: await temporaryFolder(),
    mirror,
    proxies: undefined,
    current: () => Promise.resolve('base'),
    choose: (name) => Promise.resolve(void chosen.push(name)),
    texts: textsFor('en').model,
    print: (line) => lines.push(line),
    progress: createProgressLine({ write: () => undefined }),
  };
}

async function putModel(cacheDir: string, name: string): Promise<void> {
  await mkdir(dirname(modelPath(cacheDir, name)), { recursive: true });
  await writeFile(modelPath(cacheDir, name), 'lmgg');
}

test('the list says of every known model its size, whether it is here, and which one is in use', async () => {
  const deps = await terminal();
  await putModel(deps.cacheDir, 'base');
  await putModel(deps.cacheDir, 'fine-tuned');
  expect(await listModels(deps)).toBe(0);
  const columns = deps.lines.map((line) => line.trim().split(/ {2,}/));
  expect(columns).toContainEqual(['small', '465 MiB']);
  expect(columns).toContainEqual(['› base', '4 B', 'on this machine, in use']);
  expect(columns).toContainEqual(['fine-tuned', '4 B', 'on this machine']);
  expect(columns).toContainEqual(['tiny.en', '74 MiB', 'English only']);
});

test('the bundled model is unpacked by pull, from no network, and again where it is damaged', async () => {
  const deps = await terminal('http://127.0.0.1:9');
  await putModel(deps.cacheDir, 'nano');
  expect(await pullNamedModel('nano', deps, signal)).toBe(0);
  expect(deps.lines).toEqual(['✓ nano is here: 18 MiB, checksum right']);
});

test('what cannot be downloaded is said with its reason, and nothing of that name is left', async () => {
  const { url } = await unrulyServer(status(404));
  const deps = await terminal(url.replace('/ggml-x.bin', ''));
  expect(await pullNamedModel('base', deps, signal)).toBe(1);
  expect(deps.lines).toEqual([expect.stringMatching(/^✗ base could not be downloaded: the server refused \(HTTP 404\)\. A mirror \(MODEL_BASE_URL/)]);
  expect(existsSync(modelPath(deps.cacheDir, 'base'))).toBe(false);
});

test('a name that is not in the catalogue is answered with those that are', async () => {
  const deps = await terminal();
  expect(await pullNamedModel('bse', deps, signal)).toBe(1);
  expect(deps.lines[0]).toMatch(/^There is no model named bse\. Known: tiny, .*large-v3-turbo/);
});

test('only a model that is here can be chosen', async () => {
  const deps = await terminal();
  expect(await useModel('small', deps)).toBe(1);
  expect(deps.lines).toEqual(['small is not on this machine. First: npm run model -- pull small']);
  await putModel(deps.cacheDir, 'small');
  expect(await useModel('small', deps)).toBe(0);
  expect(deps.chosen).toEqual(['small']);
});

test('progress is redrawn on a terminal, and told now and then elsewhere', () => {
  const live: string[] = [];
  let nowMs = 0;
  const line = createProgressLine({ isTTY: true, columns: 60, write: (piece) => live.push(piece) }, () => nowMs);
  line.show('base', 0.5, '71 MiB of 142 MiB, 9.0 MiB/s, 8 s left');
  line.show('base', 0.51, 'too soon to draw again');
  line.clear();
  expect(live).toHaveLength(2);
  const shown = live[0]?.replace('\r\x1b[2K', '') ?? '';
  expect(shown).toMatch(/^base {2}█{12}░{12} {2}50 % {2}71 MiB/);
  expect(shown.length).toBeLessThan(60);
  const dull: string[] = [];
  const other = createProgressLine({ write: (piece) => dull.push(piece) }, () => nowMs);
  for (; nowMs < 21_000; nowMs += 1000) other.show('base', nowMs / 21_000, '');
  expect(dull).toHaveLength(3);
});
