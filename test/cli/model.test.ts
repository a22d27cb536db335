import { existsSync } from 'node:fs';
import { mkdir, readdir, truncate, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { listModels } from '../../src/cli/list-models.js';
import type { ModelDependencies } from '../../src/cli/model-dependencies.js';
import { createProgressLine } from '../../src/cli/progress-line.js';
import { pullNamedModel } from '../../src/cli/pull-named-model.js';
import { removeModel } from '../../src/cli/remove-model.js';
import { useModel } from '../../src/cli/use-model.js';
import { SetupError } from '../../src/errors.js';
import type { Language } from '../../src/i18n/texts.js';
import { textsFor } from '../../src/i18n/texts.js';
import { catalogueModel } from '../../src/setup/model-catalogue.mjs';
import { modelPath } from '../../src/setup/paths.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Answer, dropAfter, serve, stallAfter, status, unrulyServer } from '../support/unruly-server.js';

const { signal } = new AbortController();

interface Terminal extends ModelDependencies {
  lines: string[];
  chosen: string[];
}

const GIB = 2 ** 30;

async function terminal({ mirror, language = 'en', ...rest }: Partial<ModelDependencies> & { language?: Language } = {}): Promise<Terminal> {
  const lines: string[] = [];
  const chosen: string[] = [];
  return {
    lines,
    chosen,
    cacheDir: await temporaryFolder(),
    mirror,
    proxies: undefined,
    memoryBytes: 2 * GIB,
    current: () => Promise.resolve('base'),
    choose: (name) => Promise.resolve(void chosen.push(name)),
    ask: () => Promise.resolve(undefined),
    speeds: () => Promise.resolve(new Map()),
    texts: textsFor(language).model,
    print: (line) => lines.push(line),
    progress: createProgressLine({ write: () => undefined }),
    ...rest,
  };
}

/** A file of the right size, which takes no room (its end is a hole). */
async function putModel(cacheDir: string, name: string): Promise<void> {
  await mkdir(dirname(modelPath(cacheDir, name)), { recursive: true });
  await writeFile(modelPath(cacheDir, name), 'lmgg');
  await truncate(modelPath(cacheDir, name), catalogueModel(name)?.approximateBytes ?? 4);
}

test('the list says of every known model its size, its memory, whether it is here, in use, and fits', async () => {
  const deps = await terminal();
  await putModel(deps.cacheDir, 'base');
  await putModel(deps.cacheDir, 'fine-tuned');
  await putModel(deps.cacheDir, 'tiny');
  await truncate(modelPath(deps.cacheDir, 'tiny'), 1000);
  await writeFile(`${modelPath(deps.cacheDir, 'small')}.part`, Buffer.alloc(5_000_000));
  expect(await listModels(deps)).toBe(0);
  const columns = deps.lines.map((line) => line.trim().split(/ {2,}/));
  expect(columns).toContainEqual(['small', '465 MiB', '633 MiB', '1 % downloaded']);
  expect(columns).toContainEqual(['› base', '141 MiB', '239 MiB', 'here, in use']);
  expect(columns).toContainEqual(['fine-tuned', '4 B', 'here']);
  expect(columns).toContainEqual(['tiny', '1000 B', '149 MiB', 'damaged, pull it again']);
  expect(columns).toContainEqual(['tiny.en', '74 MiB', '149 MiB', 'English only']);
  expect(columns).toContainEqual(expect.arrayContaining(['large-v3', '2.9 GiB', '3.6 GiB', 'too large for the memory']));
  expect(deps.lines.at(-1)).toMatch(/^This machine has 2\.0 GiB of memory for the program and .+ free for models\.$/);
  expect(deps.lines.at(-2)).toContain('npm run model -- tune');
});

test.each(['en', 'ru'] as const)('the list fits a terminal of 80 columns (%s), also with speeds', async (language) => {
  const speeds = new Map([['base', { realTimeFactor: 0.0842 }], ['large-v3-turbo-q5_0', { realTimeFactor: 12.5 }]]);
  const deps = await terminal({ language, speeds: () => Promise.resolve(speeds) });
  await putModel(deps.cacheDir, 'base');
  await listModels(deps);
  for (const line of deps.lines) expect(line.length, line).toBeLessThanOrEqual(80);
  const decimal = deps.texts.decimal('11.9');
  expect(deps.lines.find((line) => line.startsWith('›'))).toMatch(new RegExp(`^› base +141 \\S+ +239 \\S+ +${decimal} ×  `));
});

test('the list as JSON has what a script needs', async () => {
  const deps = await terminal({ speeds: () => Promise.resolve(new Map([['base', { realTimeFactor: 0.1 }]])) });
  await putModel(deps.cacheDir, 'base');
  expect(await listModels(deps, { json: true })).toBe(0);
  const listed = JSON.parse(deps.lines.join('\n')) as { memoryBytes: number; models: { name: string }[] };
  expect(listed.memoryBytes).toBe(2 * GIB);
  const { approximateBytes, memoryBytes } = catalogueModel('base')!;
  expect(listed.models.find(({ name }) => name === 'base')).toEqual({
    ...{ name: 'base', bytes: approximateBytes, memoryBytes, state: 'here', inUse: true, englishOnly: false },
    ...{ fitsMemory: true, realTimeFactor: 0.1 },
  });
  expect(listed.models.find(({ name }) => name === 'large-v3')).toMatchObject({ state: 'not-here', inUse: false, fitsMemory: false });
});

test('without Redis the list is shown all the same, and says that the model in use is not known', async () => {
  const deps = await terminal({ current: () => Promise.reject(new SetupError('Redis does not answer', 'npm run doctor')) });
  expect(await listModels(deps)).toBe(0);
  expect(deps.lines.length).toBeGreaterThan(30);
  expect(deps.lines.at(-1)).toContain('npm run doctor');
});

test('a model that was chosen and is not here is not said to be in use', async () => {
  const deps = await terminal();
  await listModels(deps);
  expect(deps.lines.find((line) => line.startsWith('›'))).toMatch(/^› base .*chosen, not here yet$/);
});

test('the bundled model is unpacked by pull, from no network, and again where it is damaged', async () => {
  const deps = await terminal({ mirror: 'http://127.0.0.1:9' });
  await putModel(deps.cacheDir, 'nano');
  expect(await pullNamedModel('nano', deps, signal)).toBe(0);
  expect(deps.lines).toEqual(['✓ nano is here: 18 MiB, checksum right']);
});

const MODEL_START = Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(60_000)]);
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 147951465\n';

test.each<[string, [Answer, ...Answer[]], string, RegExp]>([
  ['HTTP 403', [status(403)], 'nothing', /the server refused \(HTTP 403\)\. A mirror \(MODEL_BASE_URL/],
  ['HTTP 404', [status(404)], 'nothing', /the server refused \(HTTP 404\)\. A mirror \(MODEL_BASE_URL/],
  ['HTTP 416', [status(416)], 'nothing', /the server refused \(HTTP 416\)/],
  ['HTTP 429', [status(429, { 'retry-after': '3600' })], 'nothing', /cannot serve it now \(HTTP 429, Retry-After: 3600\); .* the same command goes on/],
  ['HTTP 500', [status(500)], 'nothing', /cannot serve it now \(HTTP 500\)/],
  ['a drop, then HTTP 503', [dropAfter(MODEL_START, 30_000), status(503)], 'a part', /cannot serve it now \(HTTP 503\); what came is kept/],
  ['a stall', [stallAfter(MODEL_START, 30_000)], 'a part', /no connection \(no data for 300 ms\)\. The same command goes on/],
  ['a web page', [status(200, { 'content-type': 'text/html' }, '<html>Sign in')], 'nothing', /not a model \(text\/html\); is there a web portal/],
  ['a web page that hides', [status(200, {}, '<!DOCTYPE html>')], 'nothing', /not a model \(not in ggml format\)/],
  ['a Git LFS pointer', [status(200, {}, LFS_POINTER)], 'nothing', /not a model \(a Git LFS pointer\)/],
  ['a redirect in a circle', [status(302, { location: '/' })], 'nothing', /the server refused \(more than 10 redirects/],
  ['a corrupt file', [serve(MODEL_START)], 'nothing', /the checksum is wrong \(sha1 of http:.*\), twice; what came was thrown away/],
])('%s: the person reads why and what to do, the status is 1, and the models that are here stay', async (name, answers, left, says) => {
  const { url } = await unrulyServer(...answers);
  // A loaded machine may take a while to answer; only who stalls is not waited for.
  const deps = await terminal({ mirror: url.replace('/ggml-x.bin', ''), timing: { stallMs: name === 'a stall' ? 300 : 10_000, retryMs: 1, attempts: 2 } });
  await putModel(deps.cacheDir, 'tiny');
  expect(await pullNamedModel('base', deps, signal)).toBe(1);
  expect(deps.lines).toEqual([expect.stringMatching(/^✗ base could not be downloaded: /)]);
  expect(deps.lines[0]).toMatch(says);
  const models = (await readdir(dirname(modelPath(deps.cacheDir, 'base')))).sort();
  expect(models).toEqual(left === 'a part' ? ['ggml-base.bin.part', 'ggml-tiny.bin'] : ['ggml-tiny.bin']);
});

test('a name that is not in the catalogue is answered with the one that was meant', async () => {
  const deps = await terminal();
  expect(await pullNamedModel('bse', deps, signal)).toBe(1);
  expect(await pullNamedModel('whatever', deps, signal)).toBe(1);
  expect(deps.lines).toEqual([
    'There is no model named bse. Did you mean base?',
    'There is no model named whatever. All names: npm run model -- list',
  ]);
});

test('a download that is interrupted says that the same command goes on from there', async () => {
  const { url } = await unrulyServer(stallAfter(Buffer.concat([Buffer.from('lmgg'), Buffer.alloc(100_000)]), 50_000));
  const stop = new AbortController();
  const deps = await terminal({ mirror: url.replace('/ggml-x.bin', '') });
  const reason = new Error('Ctrl-C');
  deps.progress = { show: () => stop.abort(reason), clear: () => undefined };
  await expect(pullNamedModel('base', deps, stop.signal)).rejects.toBe(reason);
  expect(deps.lines).toEqual(['Stopped. What came is kept; the same command goes on from there.']);
  expect(existsSync(`${modelPath(deps.cacheDir, 'base')}.part`)).toBe(true);
});

test('only a model that is here and whole can be put to use', async () => {
  const deps = await terminal();
  expect(await useModel('small', deps, signal)).toBe(1);
  expect(await useModel('smal', deps, signal)).toBe(1);
  await putModel(deps.cacheDir, 'small');
  await truncate(modelPath(deps.cacheDir, 'small'), 1000);
  expect(await useModel('small', deps, signal)).toBe(1);
  expect(deps.lines).toEqual([
    'small is not on this machine. First: npm run model -- pull small',
    'There is no model named smal. Did you mean small?',
    'The file of small is damaged; get it again: npm run model -- pull small',
  ]);
  expect(deps.chosen).toEqual([]);
});

test('where no daemon runs the choice is for its next start', async () => {
  const deps = await terminal();
  await putModel(deps.cacheDir, 'small');
  expect(await useModel('small', deps, signal)).toBe(0);
  expect(deps.chosen).toEqual(['small']);
  expect(deps.lines).toEqual(['✓ small is used from the next start of the daemon; none runs now']);
});

test('a daemon that runs decides, and what it says is said here', async () => {
  const answers: unknown[] = [
    { outcome: 'switched', model: 'small' },
    { outcome: 'failed', model: 'small', kept: 'base', reason: 'memory' },
  ];
  const deps = await terminal({
    memoryBytes: GIB / 2,
    ask: (_name, onHeard) => {
      onHeard();
      return Promise.resolve(answers.shift());
    },
  });
  await putModel(deps.cacheDir, 'small');
  expect(await useModel('small', deps, signal)).toBe(0);
  expect(await useModel('small', deps, signal)).toBe(1);
  const warned = '⚠ small needs about 633 MiB of memory, this machine has 512 MiB';
  expect(deps.lines).toEqual([
    ...[warned, 'The daemon loads small and tries it…', '✓ The daemon uses small'],
    ...[warned, 'The daemon loads small and tries it…', '✗ This machine has too little memory for small. The daemon goes on with base, and nothing is lost'],
  ]);
  expect(deps.chosen).toEqual([]);
});

test('a model is removed with what a broken download left, but not the one in use', async () => {
  const deps = await terminal();
  await putModel(deps.cacheDir, 'base');
  await putModel(deps.cacheDir, 'fine-tuned');
  await writeFile(`${modelPath(deps.cacheDir, 'fine-tuned')}.part`, 'lmgg');
  await writeFile(`${modelPath(deps.cacheDir, 'fine-tuned')}.part.version`, 'x');
  expect(await removeModel('base', deps)).toBe(1);
  expect(await removeModel('fine-tuned', deps)).toBe(0);
  expect(await removeModel('small', deps)).toBe(1);
  expect(await removeModel('../../etc/passwd', deps)).toBe(1);
  expect(deps.lines).toEqual([
    'base is in use. First put another one to use: npm run model -- use NAME',
    '✓ fine-tuned is removed, 8 B free again',
    'small is not on this machine',
    'There is no model named ../../etc/passwd. All names: npm run model -- list',
  ]);
  expect(await readdir(dirname(modelPath(deps.cacheDir, 'base')))).toEqual(['ggml-base.bin']);
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
  expect(shown).toMatch(/^base {2}█{4}░{3} {2}50 % {2}71 MiB of 142 MiB, 9\.0 MiB\/s, 8 s left$/);
  expect(shown.length).toBeLessThan(60);
  nowMs += 1000;
  line.show('large-v3-turbo-q5_0', 0.45, '246 MiB of 547 MiB, 9.0 MiB/s, 1 min 33 s left');
  expect(live.at(-1)).toContain('large-v3-turbo-q5_0  ███░░░  45 %');
  const wide = createProgressLine({ isTTY: true, columns: 80, write: (piece) => live.push(piece) }, () => nowMs);
  wide.show('large-v3-turbo-q5_0', 0.45, '246 MiB of 547 MiB, 9.0 MiB/s, 33 s left');
  expect(live.at(-1)).toMatch(/33 s left$/);
  const dull: string[] = [];
  nowMs = 0;
  const other = createProgressLine({ write: (piece) => dull.push(piece) }, () => nowMs);
  for (; nowMs < 21_000; nowMs += 1000) other.show('base', nowMs / 21_000, '');
  expect(dull).toHaveLength(3);
});
