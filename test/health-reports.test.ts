import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { healthReports, wedged } from '../src/health-reports.js';
import { textsFor } from '../src/i18n/texts.js';
import { silentLog } from './support/silent-log.js';
import { temporaryFolder } from './support/temporary-folder.js';

const texts = textsFor('en').lifecycle;
const signs = {
  connected: () => true,
  silentForMs: () => 1000,
  redisAnswers: () => Promise.resolve(true),
  engineTrouble: () => Promise.resolve(undefined),
};
const HALF_AN_HOUR_MS = 30 * 60_000;

test('wedged is who has a connection and has probed it for half an hour no more, not who is offline', () => {
  const asked = (connected: boolean, silentMs: number | undefined): string | undefined =>
    wedged({ connected: () => connected, silentForMs: () => silentMs }, texts);
  expect(asked(true, HALF_AN_HOUR_MS)).toBeUndefined();
  expect(asked(true, HALF_AN_HOUR_MS + 60_000)).toContain('31 min');
  expect(asked(false, 24 * HALF_AN_HOUR_MS)).toBeUndefined();
  expect(asked(true, undefined)).toBeUndefined();
});

test('without a port and without systemd there is the heartbeat alone, and it names no port', async () => {
  const dataDir = await temporaryFolder();
  const reports = healthReports({ config: { dataDir, healthPort: 0 }, signs, systemd: undefined, texts, log: silentLog() });
  expect(reports.map(({ name }) => name)).toEqual(['heartbeat']);
  for (const report of reports) {
    await report.start(new AbortController().signal);
    onTestFinished(() => report.stop());
  }
  expect(JSON.parse(await readFile(join(dataDir, 'health.json'), 'utf8'))).not.toHaveProperty('port');
});

test('the port is open before the heartbeat names it, and systemd is told last', () => {
  const systemd = { variables: { NOTIFY_SOCKET: '@nowhere' }, watchdogMs: undefined };
  const reports = healthReports({ config: { dataDir: '/nowhere', healthPort: 8477 }, signs, systemd, texts, log: silentLog() });
  expect(reports.map(({ name }) => name)).toEqual(['health', 'heartbeat', 'systemd']);
});
