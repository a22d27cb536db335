import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checksByProxy } from '../../src/cli/doctor/proxy-checks.js';
import type { Finding } from '../../src/cli/doctor/check.js';
import { proxyProbes } from '../../src/cli/proxy-probes.js';
import { loadConfig } from '../../src/config/load-config.js';
import { textsFor } from '../../src/i18n/texts.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { LoopbackServer } from '../support/loopback-server.js';
import { mtproxyServer } from '../support/mtproxy-server.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { socks5Server } from '../support/socks5-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const texts = textsFor('en');
const never = new AbortController().signal;
const SECRET = '0123456789abcdef0123456789abcdef';

interface Examined {
  findings: Finding[];
  strays: number;
  logged: string;
}

/** What the doctor finds of these proxies in front of a Telegram that can be reached by them alone. */
async function examined(sandbox: Sandbox, links: string[], signal = never): Promise<Examined> {
  const trap = new LoopbackServer((socket) => void socket.resume());
  await trap.listen();
  onTestFinished(() => trap.stop());
  const folder = await temporaryFolder();
  const keyFile = join(folder, 'dc.pem');
  await writeFile(keyFile, sandbox.publicKeyPem);
  const environment = { GRAMSCRIBE_PROXY: links.join(','), TELEGRAM_TEST_DC: trap.address, TELEGRAM_TEST_DC_KEY: keyFile };
  const { log, lines } = recordedLog();
  const findings: Finding[] = [];
  for (const check of checksByProxy(texts.doctor, proxyProbes(loadConfig(environment, folder), texts, log))) findings.push(await check(signal));
  return { findings, strays: trap.accepted, logged: JSON.stringify(lines) };
}

async function sandboxOf(): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ log: silentLog() });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

test('each proxy is tried by itself, and the clock is compared through one that works; nothing goes around them', async () => {
  const sandbox = await sandboxOf();
  const lead = () => ({ host: '127.0.0.1', port: sandbox.portOf(2) });
  const locked = await socks5Server({ lead, credentials: { username: 'user', password: 'right' } });
  const good = await mtproxyServer({ secret: SECRET, domain: 'example.org', lead });
  sandbox.faults.connection().clockSkewMs = -3_600_000;
  const { findings, strays, logged } = await examined(sandbox, [locked.link.replace('right', 'hunter2'), good.link()]);
  expect(findings).toMatchObject([
    { state: 'warning', found: `SOCKS5 ${locked.address} does not lead to Telegram: Socks5 Authentication failed` },
    { state: 'ok', found: expect.stringMatching(`^MTProxy ${good.address} leads to Telegram, which answered in \\d+ ms$`) as string },
    { state: 'failed', name: 'Clock', found: expect.stringMatching(/^(3599|3600|3601) s ahead$/) as string },
  ]);
  expect(JSON.stringify(findings) + logged).not.toMatch(new RegExp(`hunter2|${SECRET}`));
  expect(strays).toBe(0);
});

test('where no proxy works each of them is a failure, with what to do, and the clock is not asked elsewhere', async () => {
  const sandbox = await sandboxOf();
  const { findings, strays } = await examined(sandbox, ['socks5://127.0.0.1:1', 'socks5://127.0.0.1:2']);
  expect(findings.map(({ state }) => state)).toEqual(['failed', 'failed', 'unknown']);
  expect(findings[0]).toMatchObject({ found: expect.stringContaining('ECONNREFUSED') as string, remedy: texts.doctor.proxy.checkLink });
  expect(strays).toBe(0);
});

test('it can be told to stop while a proxy says nothing', async () => {
  const sandbox = await sandboxOf();
  const mute = await socks5Server({ mood: 'mute' });
  const stop = new AbortController();
  const asking = expect(examined(sandbox, [mute.link], stop.signal)).rejects.toThrow('stop');
  await expect.poll(() => mute.open).toBe(1);
  stop.abort(new Error('stop'));
  await asking;
});
