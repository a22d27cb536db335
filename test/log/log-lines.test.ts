import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../src/errors.js';
import { createLogger } from '../../src/log/create-logger.js';
import type { LogLine } from '../../src/log/log-line.js';
import { LogLines } from '../../src/log/log-lines.js';
import { redactAgain } from '../../src/log/redact-again.js';

function logged(): { log: ReturnType<typeof createLogger>; lines: LogLines } {
  const lines = new LogLines();
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  return { log: createLogger({ level: 'debug', format: 'pretty', stream, lines }), lines };
}

test('the newest lines are read back by level, the oldest first', () => {
  const { log, lines } = logged();
  log.debug('one');
  log.warn({ account: 'main' }, 'two');
  log.error({ err: new AppError('outer', { cause: new Error('inner') }) }, 'three');
  log.info('four');
  expect(lines.newest('warn').map(({ level, text }) => [level, text])).toEqual([
    ['warn', 'two'],
    ['error', 'three'],
  ]);
  expect(lines.newest('warn')[0]?.fields).toEqual({ account: 'main' });
  expect(lines.newest('error')[0]?.error).toBe('outer: inner');
  expect(lines.newest('debug', 2).map(({ text }) => text)).toEqual(['three', 'four']);
});

test('an error that the text tells of is not told again', () => {
  const { log, lines } = logged();
  log.warn({ err: new AppError('no network') }, 'not connected: no network');
  expect(lines.newest('warn')[0]).not.toHaveProperty('error');
});

test('what is kept is bounded in number and in size', () => {
  const lines = new LogLines();
  const line = (text: string): string => JSON.stringify({ level: 'info', time: new Date(0).toISOString(), msg: text });
  for (let count = 0; count < 2500; count += 1) lines.add(line(String(count)));
  expect(lines.newest('info')).toHaveLength(2000);
  for (let count = 0; count < 20; count += 1) lines.add(line('x'.repeat(100_000)));
  expect(lines.newest('info').length).toBeLessThan(11);
});

test('who watches hears of each line of the level while it is written, until they no longer want to', () => {
  const { log, lines } = logged();
  const heard: LogLine[] = [];
  const end = lines.watch('warn', (line) => heard.push(line));
  log.info('no');
  log.warn('yes');
  end();
  log.warn('too late');
  expect(heard.map(({ text }) => text)).toEqual(['yes']);
});

test('secrets stay redacted in what is kept', () => {
  const { log, lines } = logged();
  log.warn({ session: 'S3CRET', text: 'hello' }, 'a line');
  expect(JSON.stringify(lines.newest('warn'))).not.toMatch(/S3CRET|hello/);
});

test.each([
  ['a session', `1${'aB3_'.repeat(80)}=`],
  ['an API hash', '0123456789abcdef0123456789abcdef'],
  ['a phone number', '+7 (912) 345-67-89'],
  ['a token of a bot', `123456789:${'aB3_'.repeat(9)}`],
])('%s is redacted wherever it stands', (_name, secret) => {
  const redacted = redactAgain(`it said "${secret}", and went on`);
  expect(redacted).not.toContain(secret.slice(2, 20));
  expect(redacted).toMatch(/^it said "?\[redacted\]"?, and went on$/);
});

test('a password in a link is redacted, the link is not', () => {
  expect(redactAgain('redis://user:pass@host:6379/1 failed')).toBe('redis://[redacted]@host:6379/1 failed');
});

test('ordinary lines are left as they are, and redacting twice changes nothing more', () => {
  for (const line of ['the voice 12 in u1234567890 took 3.4 s', 'main:c1234567890:17 ended as text', '.status failed: Connection is closed.', '2026-11-21 18:05:00']) {
    expect(redactAgain(line)).toBe(line);
  }
  fc.assert(fc.property(fc.string(), (text) => redactAgain(redactAgain(text)) === redactAgain(text)));
});
