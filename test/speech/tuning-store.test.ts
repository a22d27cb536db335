import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTunings, writeTuning, type Tuning } from '../../src/speech/tuning-store.js';
import { testFolder } from '../support/workspace.js';

const tuning: Tuning = { threads: 2, flashAttention: true, realTimeFactor: 0.2, msPerWindow: 1500, measuredAtMs: 1000 };
const slower = { ...tuning, threads: 1, realTimeFactor: 0.4, measuredAtMs: 2000 };

test('a tuning is kept per model and build, and the newest is the one of a model whatever its build', async () => {
  const cache = await testFolder();
  await writeTuning(cache, { build: '1.9.1/native', model: 'base' }, slower);
  await writeTuning(cache, { build: '1.9.1/avx2', model: 'base' }, tuning);
  await writeTuning(cache, { build: '1.9.1/avx2', model: 'small' }, slower);
  expect((await readTunings(cache)).get('base')).toEqual(slower);
  expect((await readTunings(cache, '1.9.1/avx2')).get('base')).toEqual(tuning);
  expect([...(await readTunings(cache, '1.9.1/native')).keys()]).toEqual(['base']);
  await writeTuning(cache, { build: '1.9.1/native', model: 'base' }, { ...tuning, measuredAtMs: 3000 });
  expect((await readTunings(cache)).get('base')?.threads).toBe(2);
  expect(await readdir(cache)).toEqual(['tuning.json']);
});

test('what was measured on another machine, or under another limit of cores, is not taken for this one', async () => {
  const cache = await testFolder();
  await writeTuning(cache, { build: '1.9.1/native', model: 'base' }, tuning);
  const file = join(cache, 'tuning.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"machine": "\w+"/, '"machine": "0123456789ab"'));
  expect((await readTunings(cache)).size).toBe(0);
});

test('a file that cannot be read keeps nobody from working', async () => {
  const cache = await testFolder();
  await mkdir(join(cache, 'tuning.json'));
  expect((await readTunings(cache)).size).toBe(0);
});

test('no file, a broken one and broken entries are as if nothing had been measured', async () => {
  const cache = await testFolder();
  expect((await readTunings(cache)).size).toBe(0);
  for (const text of ['', '{"tunings": [{"threads"', '[]', '{"tunings": 5}', '{"tunings": [null, {"model": "base", "threads": 0}]}']) {
    await writeFile(join(cache, 'tuning.json'), text);
    expect((await readTunings(cache)).size, text).toBe(0);
  }
  await writeTuning(cache, { build: '1.9.1/native', model: 'base' }, tuning);
  expect((await readTunings(cache)).get('base')).toEqual(tuning);
});
