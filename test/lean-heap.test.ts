import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundledClips, testFolder } from './support/workspace.js';

const dist = new URL('../dist/', import.meta.url);
/** Much that is young and survives, as while modules are loaded; then how large the young space has become. */
const load = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const kept = [];
  for (let round = 0; round < 200; round += 1) kept.push(Array.from({ length: 5000 }, (_, at) => ({ round, at })));
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);
`;

async function youngBytes(before: string): Promise<number> {
  const script = join(await testFolder(), 'load.mjs');
  await writeFile(script, before + load);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script]);
  expect(stderr).toBe('');
  return Number(stdout);
}

const url = (file: string): string => JSON.stringify(new URL(file, dist).href);

test('the space for young objects stays small', async () => {
  expect(await youngBytes(`await import(${url('lean-heap.js')});`)).toBeLessThanOrEqual(2 * 2 ** 20);
  expect(await youngBytes('')).toBeGreaterThan(8 * 2 ** 20);
});

test('it stays so when a voice note was decoded in a thread', async () => {
  const clip = JSON.stringify((await bundledClips())[0]!.path);
  const out = JSON.stringify(join(await testFolder(), 'a.pcm'));
  const decode = `
    await import(${url('lean-heap.js')});
    const { OpusThread } = await import(${url('media/opus-thread.js')});
    const opus = new OpusThread({ idleAfterMs: 60_000, log: { debug: console.error } });
    if (!(await opus.decode(${clip}, ${out}, { maxDurationMs: 60_000, timeoutMs: 60_000 }, new AbortController().signal))) console.error('not decoded');
    await opus.stop();
  `;
  expect(await youngBytes(decode)).toBeLessThanOrEqual(4 * 2 ** 20);
});
