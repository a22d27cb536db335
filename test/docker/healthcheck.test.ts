import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { projectRoot } from '../../src/setup/paths.mjs';
import { HealthServer } from '../../src/web/health-server.js';
import type { VitalSigns } from '../../src/web/readiness.js';
import { silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** What the health check says of a folder with this `health.json`. */
async function checked(content: string | undefined): Promise<{ status: number; said: string }> {
  const folder = await temporaryFolder();
  if (content !== undefined) await writeFile(join(folder, 'health.json'), content);
  const script = join(projectRoot, 'docker/healthcheck.mjs');
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script], { env: { GRAMSCRIBE_DATA: folder } }, (_, stdout) => {
      resolve({ status: child.exitCode ?? -1, said: stdout.trim() });
    });
  });
}

function beat(state: string, agoMs: number, port?: number): string {
  return JSON.stringify({ state, atMs: Date.now() - agoMs, pid: 1, port });
}

/** The daemon's own answers, with these signs of life; the port of it. */
async function served(signs: Partial<VitalSigns> = {}): Promise<number> {
  const healthy: VitalSigns = {
    connected: () => true,
    silentForMs: () => 1000,
    redisAnswers: () => Promise.resolve(true),
    engineTrouble: () => Promise.resolve(undefined),
  };
  const server = new HealthServer({ port: 0, signs: { ...healthy, ...signs }, texts: textsFor('en').lifecycle, log: silentLog() });
  await server.start();
  onTestFinished(() => server.stop());
  return server.port ?? 0;
}

test('it believes what the daemon answers at its port', async () => {
  expect(await checked(beat('connected', 1000, await served()))).toEqual({ status: 0, said: 'well' });
  const ill = await served({ connected: () => false, engineTrouble: () => Promise.resolve('its model is not there') });
  expect(await checked(beat('connected', 1000, ill))).toEqual({ status: 1, said: 'telegram: not connected; engine: its model is not there' });
});

test('where the daemon has no port, a fresh heartbeat of a connected daemon has to do', async () => {
  expect(await checked(beat('connected', 1000))).toEqual({ status: 0, said: 'well' });
  expect(await checked(beat('connecting', 1000))).toEqual({ status: 1, said: 'Telegram: connecting' });
});

test('a daemon that stopped, that writes no more or that has not begun is not well, whoever answers at its port', async () => {
  const port = await served();
  expect(await checked(beat('stopped', 1000, port))).toEqual({ status: 1, said: 'Telegram: stopped' });
  expect(await checked(beat('connected', 90_000, port))).toEqual({ status: 1, said: 'no heartbeat for 90 s' });
  expect((await checked(undefined)).said).toMatch(/cannot be read, so the daemon has not started yet/);
});

test.each(['', '{"sta', '{}', 'null', '[]', '{"state":"connected","atMs":"now"}'])('a file that holds %j is no proof of health', async (content) => {
  const { status, said } = await checked(content);
  expect([status, said]).toEqual([1, expect.stringMatching(/health\.json (cannot be read|holds no heartbeat)/)]);
});

test('nobody at the port, or somebody else, is no proof of health', async () => {
  const stranger = createServer((_, response) => response.end('<html>'));
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const { port } = stranger.address() as AddressInfo;
  expect((await checked(beat('connected', 1000, port))).said).toMatch(/does not answer at port/);
  await new Promise((resolve) => stranger.close(resolve));
  expect((await checked(beat('connected', 1000, port))).said).toMatch(/does not answer at port \d+: fetch failed/);
});
