import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { Heartbeat } from '../../src/supervisor/heartbeat.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

interface Beat {
  state: string;
  pid: number;
  heapUsedBytes: number;
  loopDelayMaxMs: number;
}

test('a beat that cannot be written is said once, and so is the first that can be again', async () => {
  const folder = join(await temporaryFolder(), 'data');
  const { log, lines } = recordedLog();
  let beats = 0;
  const state = (): string => `${(beats += 1)}`;
  const heartbeat = new Heartbeat({ folder, everyMs: 10, state, port: () => undefined, nowMs: Date.now, log });
  await heartbeat.start();
  onTestFinished(() => heartbeat.stop());
  await expect.poll(() => beats).toBeGreaterThan(3);
  await mkdir(folder);
  await expect.poll(() => lines.length).toBe(2);
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([
    [40, expect.stringMatching(/health\.json cannot be written.*ENOENT/)],
    [30, 'health.json can be written again'],
  ]);
});

test('a beat says the state, and how late the event loop was since the one before', async () => {
  const folder = await temporaryFolder();
  const beat = async (): Promise<Beat> => JSON.parse(await readFile(join(folder, 'health.json'), 'utf8')) as Beat;
  const heartbeat = new Heartbeat({ folder, everyMs: 300, state: () => 'connected', port: () => undefined, nowMs: Date.now, log: silentLog() });
  await heartbeat.start();
  onTestFinished(() => heartbeat.stop());
  let worst = 0;
  const look = async (): Promise<number> => {
    // Nothing else runs meanwhile.
    for (const endMs = performance.now() + 120; performance.now() < endMs; );
    const { state, pid, heapUsedBytes, loopDelayMaxMs } = await beat();
    expect({ state, pid }).toEqual({ state: 'connected', pid: process.pid });
    expect(heapUsedBytes).toBeGreaterThan(0);
    worst = Math.max(worst, loopDelayMaxMs);
    return worst;
  };
  await expect.poll(look, { timeout: 20_000, interval: 50 }).toBeGreaterThanOrEqual(80);
});

test('a beat says how much memory was in use after the last whole collection', async () => {
  const folder = await temporaryFolder();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heartbeat = new Heartbeat({ folder, everyMs: 50, state: () => 'connected', port: () => undefined, nowMs: Date.now, log: silentLog() });
  await heartbeat.start();
  onTestFinished(() => heartbeat.stop());
  const left = async (): Promise<number> => {
    collect();
    return (JSON.parse(await readFile(join(folder, 'health.json'), 'utf8')) as { heapAfterGcBytes?: number }).heapAfterGcBytes ?? 0;
  };
  await expect.poll(left, { timeout: 20_000 }).toBeGreaterThan(1_000_000);
});

test('the last beat says that it was stopped', async () => {
  const folder = await temporaryFolder();
  const heartbeat = new Heartbeat({ folder, everyMs: 60_000, state: () => 'connected', port: () => 8080, nowMs: () => 5, log: silentLog() });
  await heartbeat.start();
  await heartbeat.stop();
  expect(JSON.parse(await readFile(join(folder, 'health.json'), 'utf8'))).toMatchObject({ state: 'stopped', atMs: 5, port: 8080 });
});
