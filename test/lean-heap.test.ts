import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const dist = new URL('../dist/', import.meta.url);
/** Much that is young and survives, as while modules are loaded; then how large the young space has become. */
const load = `
  const { getHeapSpaceStatistics } = await import('node:v8');
  const kept = [];
  for (let round = 0; round < 200; round += 1) kept.push(Array.from({ length: 5000 }, (_, at) => ({ round, at })));
  console.log(getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space').space_size);
`;

async function youngBytes(before: string): Promise<number> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', before + load]);
  expect(stderr).toBe('');
  return Number(stdout);
}

test('the space for young objects stays small', async () => {
  expect(await youngBytes(`await import(${JSON.stringify(new URL('lean-heap.js', dist).href)});`)).toBeLessThanOrEqual(2 * 2 ** 20);
  expect(await youngBytes('')).toBeGreaterThan(8 * 2 ** 20);
});
