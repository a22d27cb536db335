import { execFile, execFileSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, type TestContext } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { projectRoot } from '../../src/setup/paths.mjs';
import type { Readiness } from '../../src/web/readiness.js';
import { Daemon } from '../support/daemon.js';
import { NotifyListener } from '../support/notify-listener.js';
import { silentLog } from '../support/silent-log.js';

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function daemonOn(environment: Record<string, string>): Promise<{ sandbox: Sandbox; daemon: Daemon }> {
  const sandbox = await Sandbox.start({ log: silentLog() });
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  const daemon = await Daemon.for(sandbox, sandbox.stringSession(owner), environment);
  onTestFinished(async () => {
    await daemon.remove();
    await sandbox.stop();
  });
  return { sandbox, daemon };
}

/** What `docker inspect` would show of this daemon. */
async function healthCheck({ dataDir }: Daemon): Promise<string> {
  const script = join(projectRoot, 'docker/healthcheck.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script], { env: { GRAMSCRIBE_DATA: dataDir } }, (_, stdout) => resolve(stdout.trim()));
  });
}

test('the health page follows what happens to the daemon: line cut, line back, Redis hanging, Redis back, end', async () => {
  const port = await freePort();
  const { sandbox, daemon } = await daemonOn({ GRAMSCRIBE_HEALTH_PORT: String(port) });
  await daemon.start();
  const ill = async (): Promise<string[]> => {
    const { ready, checks } = (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as Readiness;
    const failed = Object.entries(checks).filter(([, { ok }]) => !ok).map(([name]) => name);
    expect(ready).toBe(failed.length === 0);
    return failed;
  };
  const soon = { timeout: 60_000, interval: 100 };
  await expect.poll(ill, soon).toEqual([]);
  await expect.poll(() => healthCheck(daemon), soon).toBe('well');

  await sandbox.faults.connection().refuse(true);
  sandbox.faults.connection().dropAll();
  await expect.poll(ill, soon).toEqual(['telegram']);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect(await healthCheck(daemon)).toBe('telegram: not connected');
  await sandbox.faults.connection().refuse(false);
  await expect.poll(ill, soon).toEqual([]);

  const redis = Number(execFileSync('pgrep', ['-P', String(daemon.pid), 'redis-server'], { encoding: 'utf8' }));
  process.kill(redis, 'SIGSTOP');
  await expect.poll(ill, soon).toContain('redis');
  process.kill(redis, 'SIGCONT');
  await expect.poll(ill, soon).toEqual([]);

  expect(await daemon.end()).toBe(0);
  expect(await healthCheck(daemon)).toBe('Telegram: stopped');
});

test('systemd hears of the daemon\'s life in order, and of a lost line; a port that is taken costs a warning alone', async (ctx: TestContext) => {
  const systemd = await NotifyListener.listen(ctx);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as AddressInfo;
  const { sandbox, daemon } = await daemonOn({
    NOTIFY_SOCKET: systemd.socket,
    WATCHDOG_USEC: '600000',
    GRAMSCRIBE_HEALTH_PORT: String(port),
  });
  await daemon.start();
  await daemon.line(`cannot use port ${port}`);
  await systemd.heard('READY=1');
  await systemd.heard('WATCHDOG=1');
  await systemd.heard('Connected to Telegram');
  await sandbox.faults.connection().refuse(true);
  sandbox.faults.connection().dropAll();
  // Being offline is nothing that a new start would mend.
  await systemd.heard('WATCHDOG=1', systemd.messages.indexOf(await systemd.heard('Connecting', systemd.messages.length)));
  expect(await daemon.end()).toBe(0);
  await systemd.heard('STOPPING=1');
  const order = systemd.messages.map((message) => message.split('=')[0]);
  expect([order[0], order.at(-1)]).toEqual(['READY', 'STOPPING']);
});
