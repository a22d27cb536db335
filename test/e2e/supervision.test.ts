import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../src/sandbox/control/views.js';
import { SessionVault } from '../../src/telegram/session-vault.js';
import { Daemon } from '../support/daemon.js';
import { silentLog } from '../support/silent-log.js';
import { testRedis } from '../support/test-redis.js';

const redis = testRedis();
const context = {} as { sandbox: Sandbox; owner: SandboxUser; daemon: Daemon };

beforeAll(async () => {
  context.sandbox = await Sandbox.start({ log: silentLog() });
  context.owner = context.sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  context.daemon = await daemonOf(context.sandbox.stringSession(context.owner));
  await context.daemon.start();
});
afterAll(async () => {
  await context.daemon.remove();
  await context.sandbox.stop();
});

/** A daemon with a data folder of its own, on the Redis that all of them share. */
async function daemonOf(session: string, environment: Record<string, string> = {}): Promise<Daemon> {
  return Daemon.for(context.sandbox, session, { REDIS_URL: redis.server.socketPath, ...environment });
}

test('a second process on the account refuses to start, from another folder too, and says who holds it', async () => {
  const { sandbox, owner, daemon } = context;
  const second = await daemonOf(sandbox.stringSession(owner));
  onTestFinished(() => second.remove());
  await second.start({ untilLine: 'Another Gramscribe already works with this account' });
  expect(await second.exited()).toBe(78);
  expect(second.output.join('\n')).toContain(`process ${daemon.pid} on `);
  expect(second.output.join('\n')).not.toContain('Connecting to Telegram');
});

test('a process that is killed leaves a lease that the next one takes over at once', async () => {
  const { daemon } = context;
  await daemon.end('SIGKILL');
  const from = daemon.output.length;
  await daemon.start();
  expect(daemon.output.slice(from).join('\n')).not.toContain('waiting up to');
});

test('the wait before connecting again ends as soon as Telegram can be reached', async () => {
  const { sandbox, daemon } = context;
  const from = daemon.output.length;
  await sandbox.faults.connection().refuse(true);
  sandbox.faults.connection().dropAll();
  await daemon.line('Reconnecting in', from);
  await sandbox.faults.connection().refuse(false);
  await daemon.line('Telegram can be reached: connecting at once', from);
  await daemon.line('Connected to Telegram', from);
});

test('a link that is dead though nobody closed it is noticed and replaced', async () => {
  const { sandbox, daemon } = context;
  const from = daemon.output.length;
  sandbox.faults.connection().mute(true);
  await daemon.line('nothing was heard from Telegram', from);
  sandbox.faults.connection().mute(false);
  await daemon.line('Telegram can be reached: connecting at once', from);
  await daemon.line('Connected to Telegram', from);
});

test('Telegram that can be reached and lets nobody in: from scratch, then status 75 for a new process', async () => {
  const { sandbox } = context;
  const other = sandbox.addUser({ firstName: 'Other', phone: '+10000000002' });
  await context.daemon.end();
  const impatient = await daemonOf(sandbox.stringSession(other), {
    GRAMSCRIBE_RECONNECT_FIRST: '100ms',
    GRAMSCRIBE_RECONNECT_MAX: '200ms',
    GRAMSCRIBE_RECONNECT_LEAVE_AFTER: '1s',
  });
  onTestFinished(() => impatient.remove());
  sandbox.faults.failNext('updates.getState', { code: 400, message: 'NOBODY_KNOWS' }, 1000);
  onTestFinished(() => sandbox.faults.clear());
  await impatient.start({ untilLine: 'the next one begins from scratch' });
  await impatient.line('leaving with status 75');
  expect(await impatient.exited()).toBe(75);
});

test('a session that Telegram refused stays refused over restarts, without a word to Telegram, until there is a new one', async () => {
  const { sandbox } = context;
  const anna = sandbox.addUser({ firstName: 'Anna', phone: '+10000000003' });
  const daemon = await Daemon.for(sandbox, '');
  onTestFinished(() => daemon.remove());
  const vault = new SessionVault({ folder: join(daemon.dataDir, 'session') });
  await vault.store('main', sandbox.stringSession(anna));
  const sealed = await readFile(join(daemon.dataDir, 'session', 'main.session'));
  await daemon.start();
  sandbox.faults.revokeSessions(anna);
  sandbox.faults.connection().dropAll();
  const refusal = await daemon.line('Telegram does not accept this session any more (SESSION_REVOKED)');
  expect(refusal).toContain('npm run login');
  expect(await daemon.exited()).toBe(78);

  sandbox.faults.restoreSessions(anna);
  const calls = sandbox.rpcLog.calls().length;
  await daemon.start({ untilLine: 'Telegram refused this session on ' });
  expect(await daemon.exited()).toBe(78);
  expect(sandbox.rpcLog.calls().length).toBe(calls);
  expect(await readFile(join(daemon.dataDir, 'session', 'main.session'))).toEqual(sealed);

  await vault.store('main', sandbox.stringSession(anna));
  await daemon.start();
  expect(await daemon.end()).toBe(0);
});
