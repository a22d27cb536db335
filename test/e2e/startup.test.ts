import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { Daemon } from '../support/daemon.js';
import { silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function daemonWith(environment: Record<string, string>): Promise<Daemon> {
  const sandbox = await Sandbox.start({ log: silentLog() });
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  const daemon = await Daemon.for(sandbox, sandbox.stringSession(owner), environment);
  onTestFinished(async () => {
    await daemon.remove();
    await sandbox.stop();
  });
  return daemon;
}

test('while Redis is away at the start it says so and waits, and a stop ends the wait cleanly', async () => {
  const daemon = await daemonWith({ REDIS_URL: '/nowhere/redis.sock' });
  await daemon.start({ untilLine: 'Redis is away' });
  expect(await daemon.end()).toBe(0);
  expect(daemon.output.at(-1)).toContain('stopped cleanly');
});

test('a closed terminal is a wish to stop: it ends in order and leaves no redis-server behind', async () => {
  const daemon = await daemonWith({});
  await daemon.start();
  expect(await daemon.end('SIGHUP')).toBe(0);
  expect(daemon.output.at(-1)).toContain('stopped cleanly');
  expect(spawnSync('pgrep', ['-f', daemon.dataDir]).status).toBe(1);
});

test('a folder that cannot be written to is named, with what to do, and no stack', async () => {
  const file = `${await temporaryFolder()}/file`;
  await writeFile(file, '');
  const daemon = await daemonWith({ GRAMSCRIBE_DATA: `${file}/data` });
  await daemon.start({ untilLine: 'Nothing can be written' });
  expect(await daemon.exited()).toBe(78);
  expect(daemon.output).toHaveLength(1);
});

test('where redis-server is missing, what to install is said', async () => {
  const daemon = await daemonWith({ PATH: '/nowhere' });
  await daemon.start({ untilLine: 'Install redis-server' });
  expect(await daemon.exited()).toBe(78);
});
