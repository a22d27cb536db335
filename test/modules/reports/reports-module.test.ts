import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { OfflineError } from '../../../src/errors.js';
import { createLogger } from '../../../src/log/create-logger.js';
import { LogLines } from '../../../src/log/log-lines.js';
import type { Logger } from '../../../src/log/logger.js';
import { ReportBook } from '../../../src/modules/builtin/reports/report-book.js';
import { reportsModule } from '../../../src/modules/builtin/reports/reports-module.js';
import type { ModuleLanguage } from '../../../src/modules/contract/localized.js';
import { settle } from '../../support/fake-clock.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const context = testRedis();
const MINUTE_MS = 60_000;

interface Ground extends ModuleGround {
  appLog: Logger;
  online: { now: boolean };
  /** What was reported, the oldest first. */
  reports(): string[];
  /** Time goes on in steps, in each of which the module does what it has to, its reading of the store included. */
  pass(ms: number, stepMs?: number): Promise<void>;
}

async function opened(settings: Record<string, unknown> = { on: true }, { language = 'en', accountId }: { language?: ModuleLanguage; accountId?: string } = {}): Promise<Ground> {
  const lines = new LogLines();
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  const appLog = createLogger({ level: 'debug', format: 'json', stream, lines });
  const online = { now: true };
  const module = reportsModule({ lines, online: () => online.now });
  const ground = await moduleGround(module, { redis: context.redis, settings, language, ...(accountId !== undefined && { accountId }) });
  const reports = (): string[] => [...ground.gateway.messages].filter(([id]) => id < 1000).map(([, { text }]) => text);
  const pass = async (ms: number, stepMs = 1000): Promise<void> => {
    for (let leftMs = ms; leftMs > 0; leftMs -= stepMs) {
      await ground.clock.advance(Math.min(stepMs, leftMs));
      await context.redis.ping();
      await settle();
    }
  };
  return Object.assign(ground, { appLog, online, reports, pass });
}

test('the first is sent at once, what follows in a digest, each line once with its count', async () => {
  const ground = await opened();
  ground.appLog.warn('the engine died, started anew (1)');
  await ground.pass(2000);
  expect(ground.reports()).toEqual([expect.stringMatching(/^🔔 In the log:\n⚠️ the engine died, started anew \(1\) · \d\d:\d\d$/)]);
  for (let time = 2; time < 6; time += 1) ground.appLog.warn(`the engine died, started anew (${time})`);
  ground.appLog.error({ err: new Error('disk full') }, 'a voice could not be kept');
  await ground.pass(9 * MINUTE_MS, MINUTE_MS);
  expect(ground.reports()).toHaveLength(1);
  await ground.pass(2 * MINUTE_MS, MINUTE_MS);
  expect(ground.reports()).toHaveLength(2);
  expect(ground.reports()[1]).toMatch(/❌ a voice could not be kept: disk full · .*\n⚠️ the engine died, started anew \(5\) · ×4, last/);
  await ground.pass(30 * MINUTE_MS, MINUTE_MS);
  expect(ground.reports()).toHaveLength(2);
});

test('they are off unless switched on, and errors alone where that is chosen', async () => {
  const off = await opened({});
  off.appLog.error('boom');
  await off.pass(3000);
  expect(off.reports()).toEqual([]);
  const errors = await opened({ on: true, level: 'error' });
  errors.appLog.warn('a warning');
  errors.appLog.info('an info');
  await errors.pass(3000);
  expect(errors.reports()).toEqual([]);
});

test('secrets that a library put into its words are not reported', async () => {
  const ground = await opened();
  ground.appLog.error('connect to redis://user:hunter2@host failed for +79123456789');
  await ground.pass(2000);
  expect(ground.reports()[0]).toContain('redis://[redacted]@host failed for [redacted]');
});

test('an error in sending a report is not reported, and loses nothing', async () => {
  const ground = await opened();
  ground.gateway.sendText = (): Promise<never> => {
    ground.appLog.error('cannot send');
    return Promise.reject(new OfflineError('gone'));
  };
  ground.appLog.warn('one thing');
  await ground.pass(25 * MINUTE_MS, MINUTE_MS);
  delete (ground.gateway as Partial<typeof ground.gateway>).sendText;
  await ground.pass(11 * MINUTE_MS, MINUTE_MS);
  expect(ground.reports()).toEqual([expect.stringContaining('one thing')]);
  expect(ground.reports()[0]).not.toContain('cannot send');
  expect(ground.host.find('reports')).toMatchObject({ state: 'on', errors: 0 });
});

test('what is muted while its report is on its way is not counted below nothing', () => {
  const book = new ReportBook();
  const kinds = (from: number, count: number): void => {
    for (let kind = from; kind < from + count; kind += 1) book.add({ level: 'warn', text: String.fromCharCode(0x4e00 + kind), atMs: 0, fields: {} });
  };
  kinds(0, 60);
  const pages = book.pages();
  book.forget();
  book.strike(pages);
  kinds(100, 52);
  expect(book.pages().beyond).toBe(2);
});

test('while offline nothing is tried; a digest follows', async () => {
  const ground = await opened();
  ground.online.now = false;
  for (let time = 0; time < 3; time += 1) ground.appLog.warn('no connection');
  await ground.pass(MINUTE_MS, MINUTE_MS / 4);
  expect(ground.reports()).toEqual([]);
  ground.online.now = true;
  await ground.pass(2000);
  expect(ground.reports()).toEqual([expect.stringContaining('no connection · ×3')]);
});

test('while muted, over a restart too, nothing is reported, and what came then is not told of afterwards', async () => {
  const ground = await opened();
  ground.appLog.warn('first');
  await ground.pass(2000);
  ground.appLog.warn('waits for the digest');
  expect(await ground.type('.mute 2h')).toMatch(/^🔕 No reports until .*\.logs\. Sooner: \.unmute$/);
  ground.appLog.warn('while muted');
  await ground.pass(MINUTE_MS, MINUTE_MS / 4);
  await ground.host.stop();
  const restarted = await opened({ on: true }, { accountId: ground.accountId });
  restarted.appLog.warn('after a restart');
  await restarted.pass(119 * MINUTE_MS, MINUTE_MS);
  expect(restarted.reports()).toEqual([]);
  await restarted.pass(2 * MINUTE_MS, MINUTE_MS);
  restarted.appLog.warn('the time is over');
  await restarted.pass(2000);
  expect([...ground.reports(), ...restarted.reports()].join('\n').match(/^⚠️.*(?= ·)/gm)).toEqual(['⚠️ first', '⚠️ the time is over']);
  expect(await restarted.type('.unmute')).toBe('🔔 They were not muted');
});

test('.unmute ends it at once, and what came before stays out', async () => {
  const ground = await opened();
  await ground.type('.mute forever');
  ground.appLog.warn('while muted');
  expect(await ground.type('.unmute')).toBe('🔔 Reports again');
  await ground.pass(2000);
  expect(ground.reports()).toEqual([]);
  ground.appLog.warn('after it');
  await ground.pass(2000);
  expect(ground.reports()).toEqual([expect.stringContaining('after it')]);
  const off = await opened({});
  for (const typed of ['.mute', '.unmute']) expect(await off.type(typed)).toBe('🔕 Reports are off in the settings. On: .config reports on yes');
});

test('.mute takes what it understands, in both languages', async () => {
  const [en, ru] = [await opened(), await opened({ on: true }, { language: 'ru' })];
  expect(await en.type('.mute for 90m')).toContain('🔕');
  expect(await en.type('.mute soon')).toMatch(/^⚠️ .*soon/);
  expect(await en.type('.mute forever')).toContain('until .unmute');
  expect(await ru.type('.mute на 2 часа')).toContain('Без отчётов до');
  expect(await ru.type('.mute навсегда')).toContain('.unmute');
});

test('a flood of different lines is one message, with the rest counted', async () => {
  const ground = await opened();
  for (let at = 0; at < 200; at += 1) ground.appLog.warn(`${'xyz'[at % 3] ?? ''}${String.fromCharCode(97 + (at % 26))}${String.fromCharCode(97 + Math.floor(at / 26))} ${'long '.repeat(30)}`);
  await ground.pass(2000);
  expect(ground.reports()).toHaveLength(1);
  expect(ground.reports()[0]!.length).toBeLessThan(4096);
  expect(ground.reports()[0]).toMatch(/… and more kinds of lines: \d+/);
});
