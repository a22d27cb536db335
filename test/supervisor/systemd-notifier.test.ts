import { expect, onTestFinished, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { SystemdNotifier, type SystemdNotifierOptions } from '../../src/supervisor/systemd-notifier.js';
import { NotifyListener } from '../support/notify-listener.js';
import { recordedLog } from '../support/silent-log.js';

interface Bench {
  notifier: SystemdNotifier;
  lines: Record<string, unknown>[];
}

/** Ticks every 50 ms where it is watched, so that tests need not wait. */
function notifierAt(socket: string, options: Partial<SystemdNotifierOptions> & { watchdogMs?: number; path?: string } = {}): Bench {
  const { log, lines } = recordedLog();
  const { watchdogMs, path = process.env.PATH ?? '', ...rest } = options;
  const notifier = new SystemdNotifier({
    systemd: { variables: { NOTIFY_SOCKET: socket, PATH: path }, watchdogMs },
    status: () => 'well',
    wedged: () => undefined,
    texts: textsFor('en').lifecycle,
    log,
    ...rest,
  });
  onTestFinished(() => notifier.stop());
  return { notifier, lines };
}

for (const kind of ['path', 'abstract'] as const) {
  test(`at a socket of the kind ${kind}, systemd hears that the daemon is ready, how it is, and that it stops`, async (ctx) => {
    const systemd = await NotifyListener.listen(ctx, kind);
    const { notifier, lines } = notifierAt(systemd.socket, { status: () => '✅ Connected to Telegram' });
    await notifier.start();
    expect(await systemd.heard('READY')).toBe('READY=1\nSTATUS=✅ Connected to Telegram');
    await notifier.stop();
    expect(await systemd.heard('STOPPING')).toBe('STOPPING=1\nSTATUS=🛑 Disconnected from Telegram');
    expect(systemd.messages).toHaveLength(2);
    expect(lines).toEqual([]);
  });
}

test('a watched daemon says that it lives, again and again, and each new status once', async (ctx) => {
  const systemd = await NotifyListener.listen(ctx);
  let status = 'connected';
  const { notifier } = notifierAt(systemd.socket, { watchdogMs: 150, status: () => status });
  await notifier.start();
  await systemd.heard('WATCHDOG=1');
  status = 'connecting';
  expect(await systemd.heard('connecting')).toBe('WATCHDOG=1\nSTATUS=connecting');
  const from = systemd.messages.length;
  expect(await systemd.heard('WATCHDOG=1', from)).toBe('WATCHDOG=1');
});

test('a daemon that is not watched says nothing that is not new', async (ctx) => {
  const systemd = await NotifyListener.listen(ctx);
  const { notifier } = notifierAt(systemd.socket);
  await notifier.start();
  await notifier.stop();
  await systemd.heard('STOPPING');
  expect(systemd.messages.map((message) => message.split('=')[0])).toEqual(['READY', 'STOPPING']);
});

test('a wedged daemon does not say that it lives, says in the log why, once, and lives again when it does', async (ctx) => {
  const systemd = await NotifyListener.listen(ctx);
  let reason: string | undefined;
  let count = 0;
  const { notifier, lines } = notifierAt(systemd.socket, { watchdogMs: 150, status: () => `status ${(count += 1)}`, wedged: () => reason });
  await notifier.start();
  await systemd.heard('WATCHDOG=1');
  reason = 'the probe stands still';
  const from = systemd.messages.length;
  // The new statuses go on, so there were ticks; the first of them may have been on its way already.
  await systemd.heard(`STATUS=status ${count + 3}`);
  expect(systemd.messages.slice(from + 1).filter((message) => message.includes('WATCHDOG'))).toEqual([]);
  expect(lines.map(({ level, msg }) => [level, msg])).toEqual([[50, expect.stringContaining('Stuck: the probe stands still')]]);
  reason = undefined;
  await systemd.heard('WATCHDOG=1', systemd.messages.length);
});

test('where systemd-notify is missing or nobody listens, the log says so once and the daemon goes on', async (ctx) => {
  const missing = notifierAt('/nowhere/notify', { path: '/nowhere', watchdogMs: 150 });
  await missing.notifier.start();
  await missing.notifier.stop();
  expect(missing.lines.map(({ level, msg }) => [level, msg])).toEqual([[40, expect.stringMatching(/systemd could not be told.*systemd-notify ENOENT/)]]);
  await NotifyListener.listen(ctx);
  const alone = notifierAt('/nowhere/notify');
  await alone.notifier.start();
  expect(alone.lines[0]?.msg).toContain('No such file or directory');
});

test('a status of several lines is one line, so that it cannot set another variable', async (ctx) => {
  const systemd = await NotifyListener.listen(ctx);
  const { notifier } = notifierAt(systemd.socket, { status: () => 'lost:\nMAINPID=1' });
  await notifier.start();
  expect(await systemd.heard('READY')).toBe('READY=1\nSTATUS=lost: MAINPID=1');
});
