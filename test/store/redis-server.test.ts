import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished, expect, test, vi } from 'vitest';
import { checkRedis } from '../../src/store/check-redis.js';
import { connectRedis } from '../../src/store/connect-redis.js';
import { RedisServer } from '../../src/store/redis-server.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

async function started(dir: string, log = silentLog()): Promise<RedisServer> {
  const server = new RedisServer({ dir, log });
  await server.start(AbortSignal.timeout(30_000));
  onTestFinished(() => server.stop());
  return server;
}

function connected(server: RedisServer): ReturnType<typeof connectRedis> {
  const redis = connectRedis({ url: server.socketPath }, silentLog());
  onTestFinished(() => redis.disconnect());
  return redis;
}

test('it serves on its socket with persistence and eviction as they should be', async () => {
  const redis = connected(await started(await temporaryFolder()));
  expect(await redis.ping()).toBe('PONG');
  expect(await checkRedis(redis)).toEqual([]);
  expect(await redis.config('GET', 'port')).toEqual(['port', '0']);
  expect(await redis.config('GET', 'appendfsync')).toEqual(['appendfsync', 'everysec']);
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
});

test('what was written is there after a stop and a start', async () => {
  const dir = await temporaryFolder();
  const first = await started(dir);
  await connected(first).set('key', 'value');
  await first.stop();
  expect(await connected(await started(dir)).get('key')).toBe('value');
});

test('one that takes longer than the deadline to load its data is waited for, not killed', async () => {
  const dir = await temporaryFolder();
  const first = await started(dir);
  const redis = connected(first);
  // Redis looks up from its loading every 1024 commands.
  await Promise.all(Array.from({ length: 8000 }, (_, key) => redis.set(`key-${key}`, 'x')));
  await first.stop();
  const real = execFileSync('which', ['redis-server'], { encoding: 'utf8' }).trim();
  const slow = await temporaryFolder();
  await writeFile(join(slow, 'redis-server'), `#!/bin/sh\nexec ${real} "$@" --key-load-delay 400\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${slow}:${process.env.PATH ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { log, lines } = recordedLog();
  const second = new RedisServer({ dir, log, startDeadlineMs: 1500 });
  onTestFinished(() => second.stop());
  await second.start(AbortSignal.timeout(60_000));
  expect(lines.map(({ msg }) => msg).join('\n')).toMatch(/DB loaded from append only file: [1-9]/);
  expect(await connected(second).get('key-7999')).toBe('x');
});

test('killed, it is started again with its data, and a command given meanwhile waits for it; the log says both', async () => {
  const { log, lines } = recordedLog();
  const server = await started(await temporaryFolder(), log);
  const redis = connected(server);
  await redis.set('key', 'value');
  const lost = once(redis, 'close');
  process.kill(server.pid ?? 0, 'SIGKILL');
  await lost;
  expect(await redis.get('key')).toBe('value');
  const told = (): unknown[] => lines.filter(({ level }) => Number(level) >= 30).map(({ msg }) => msg);
  await expect.poll(told).toEqual(['redis-server ended (SIGKILL); starting it again', 'redis-server runs again, with the data that it had written']);
});

test.each(['SIGTERM', 'SIGKILL'])('one that %s ends as it starts is started again: that is no fault of the set-up', async (signal) => {
  const real = execFileSync('which', ['redis-server'], { encoding: 'utf8' }).trim();
  const folder = await temporaryFolder();
  // The first one is ended before it serves.
  const script = ['#!/bin/sh', `if [ -e ${folder}/once ]; then exec ${real} "$@"; fi`, `touch ${folder}/once`];
  script.push(signal === 'SIGTERM' ? 'exit 0' : 'kill -9 $$');
  await writeFile(join(folder, 'redis-server'), script.join('\n'), { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await connected(await started(await temporaryFolder())).ping()).toBe('PONG');
});

test('one that a killed daemon left behind saves and leaves before a new one starts', async () => {
  const dir = await temporaryFolder();
  const socket = join(dir, 'redis.sock');
  const orphan = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--dir', dir, '--appendonly', 'yes']);
  onTestFinished(() => void orphan.kill('SIGKILL'));
  const left = once(orphan, 'exit');
  const redis = connectRedis({ url: socket }, silentLog());
  await redis.set('key', 'value');
  redis.disconnect();
  expect(await connected(await started(dir)).get('key')).toBe('value');
  await left;
});

test('a folder whose path is too long for a unix socket works as well', async () => {
  const dir = join(await temporaryFolder(), 'x'.repeat(120));
  await mkdir(dir);
  expect(await connected(await started(dir)).ping()).toBe('PONG');
});

test('stop is idempotent and leaves no process behind', async () => {
  const server = await started(await temporaryFolder());
  const pid = server.pid ?? 0;
  await Promise.all([server.stop(), server.stop()]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('a server that forgets or evicts is complained about', async () => {
  const redis = connected(await started(await temporaryFolder()));
  await redis.config('SET', 'appendonly', 'no');
  await redis.config('SET', 'maxmemory', '100mb');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  const problems = await checkRedis(redis);
  expect(problems).toHaveLength(2);
  expect(problems.join()).toContain('noeviction');
  expect(problems.join()).toContain('appendonly');
});

test('a read-only replica is complained about', async () => {
  const replica = connected(await started(await temporaryFolder()));
  await replica.replicaof('127.0.0.1', 1);
  expect((await checkRedis(replica)).join()).toContain('read-only replica');
});
