import { expect, it, onTestFinished } from 'vitest';
import { AccountInUseError, AccountStoppedError, OfflineError, RestartNeededError, RetryableError } from '../../src/errors.js';
import { en } from '../../src/i18n/en.js';
import { ru } from '../../src/i18n/ru.js';
import { accountEndText, type AccountEnd } from '../../src/supervisor/account-end.js';
import { AccountService } from '../../src/supervisor/account-service.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { recordedLog } from '../support/silent-log.js';

function started(connect: () => Promise<void>) {
  const { log, lines } = recordedLog();
  const clock = new FakeClock();
  const ends: AccountEnd[] = [];
  let lose: (error: Error) => void = () => undefined;
  const service = new AccountService({
    connection: {
      connect,
      untilLost: (signal) =>
        new Promise((_, reject) => {
          lose = reject;
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      disconnect: () => Promise.resolve(),
      reach: () => Promise.resolve(),
      forget: () => undefined,
    },
    policy: { backoff: { firstMs: 5000, maxMs: 300_000, jitter: 0 }, stableMs: 60_000, leaveAfterMs: 20_000 },
    texts: en.lifecycle,
    clock,
    uptimeMs: () => clock.nowMs(),
    random: () => 0,
    onEnd: (end) => ends.push(end),
    log,
  });
  void service.start();
  onTestFinished(() => service.stop());
  return { service, clock, ends, lose: (error: Error) => lose(error), said: () => lines.map(({ msg }) => msg) };
}

it('each change of the connection is one line with its reason, and the gate follows it', async () => {
  const { service, clock, said, lose } = started(() => Promise.resolve());
  await settle();
  expect(service.gate.isOpen).toBe(true);
  await clock.pass(10_000);
  lose(new OfflineError('the connection to Telegram was closed'));
  await settle();
  expect(said()).toEqual([
    '🔄 Connecting to Telegram...',
    '✅ Connected to Telegram',
    '✅ The bot is running!',
    '⚠️ Network error: the connection to Telegram was closed',
    '🔄 Reconnecting in 5 s...',
    '🌐 Telegram can be reached: connecting at once',
    '🔄 Connecting to Telegram...',
    '✅ Connected to Telegram',
  ]);
  expect(service.reconnects).toBe(1);
});

it('a wait that Telegram asked for says so', async () => {
  const { service, said } = started(() => Promise.reject(new RetryableError('Telegram asks to wait 90 s', 90_000)));
  await settle();
  expect(said().at(-1)).toBe('⏳ Telegram asks to wait: reconnecting in 90 s, not sooner');
  expect(service.gate.isOpen).toBe(false);
});

it('the end is reported once: a session refused, or a process that gets nowhere', async () => {
  const refused = started(() => Promise.reject(new AccountStoppedError('SESSION_REVOKED', 'revoked')));
  await settle();
  expect(refused.ends).toEqual([expect.objectContaining({ code: 'SESSION_REVOKED' })]);
  const stuck = started(() => Promise.reject(new RetryableError('no answer to connecting')));
  await settle();
  await stuck.clock.pass(60_000);
  expect(stuck.ends).toEqual([expect.any(RestartNeededError)]);
  expect(stuck.said()).toContain('🔧 2 connects in a row failed though Telegram can be reached: the next one begins from scratch');
});

it.each([en, ru])('each end says in its language what to do: sign in anew, stop the other, or nothing', ({ lifecycle }) => {
  const holder = { pid: 7, host: 'vps', version: '1.2.3', sinceMs: Date.UTC(2026, 4, 1, 12, 30) };
  expect(accountEndText(new AccountInUseError(holder), lifecycle)).toMatch(/7.*vps.*1\.2\.3.*2026-05-01 12:30 UTC/);
  expect(accountEndText(new RestartNeededError(1_800_000), lifecycle)).toMatch(/30.*75/);
  const codes = ['SESSION_REVOKED', 'AUTH_KEY_DUPLICATED', 'USER_DEACTIVATED_BAN', 'FROZEN_METHOD_INVALID', 'USER_MIGRATE_4'];
  const texts = codes.map((code) => accountEndText(new AccountStoppedError(code, ''), lifecycle));
  for (const [index, text] of texts.entries()) {
    expect(text).toContain(codes[index]);
    expect(text).toContain('npm run login');
  }
  expect(new Set(texts.map((text, index) => text.replace(codes[index] ?? '', ''))).size).toBe(codes.length);
});
