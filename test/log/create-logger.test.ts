import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { createLogger } from '../../src/log/create-logger.js';

interface Captured {
  log: ReturnType<typeof createLogger>;
  output: () => string;
}

function captured(format: 'pretty' | 'json', isTTY = false, level = 'trace'): Captured {
  const chunks: string[] = [];
  const stream = Object.assign(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        chunks.push(chunk.toString());
        done();
      },
    }),
    { isTTY },
  );
  return { log: createLogger({ level, format, stream }), output: () => chunks.join('') };
}

const SECRET = 'S3CRET-VALUE';

test.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)('no secret field is written at level %s', (level) => {
  const { log, output } = captured('json');
  for (const field of ['session', 'phone', 'phoneCode', 'password', 'apiHash', 'text', 'transcript', 'authKey', 'passphrase']) {
    log[level]({ [field]: SECRET, nested: { [field]: SECRET, deeper: { [field]: SECRET } } }, 'a line');
  }
  expect(output()).toContain('[redacted]');
  expect(output()).not.toContain(SECRET);
});

test('a child logger redacts too', () => {
  const { log, output } = captured('json');
  log.child({ account: 'main', phone: SECRET }).info({ message: { text: SECRET } }, 'a line');
  expect(output()).not.toContain(SECRET);
});

test('an error is logged with its causes and code, and without what libraries hang on to it', () => {
  const { log, output } = captured('json');
  const cause = Object.assign(new Error('inner'), { code: 420, request: { message: SECRET } });
  log.error({ err: Object.assign(new Error('outer', { cause }), { config: { phone: SECRET } }) }, 'a line');
  const line = JSON.parse(output()) as { err: { message: string; cause: { message: string; code: number } } };
  expect(line.err).toMatchObject({ message: 'outer', cause: { message: 'inner', code: 420 } });
  expect(output()).not.toContain(SECRET);
});

test('a stack is written for what nobody foresaw, not for what is explained by its message', () => {
  const { log, output } = captured('json');
  log.warn({ err: new PermanentError('broken-audio', 'cannot be decoded') }, 'a line');
  expect(output()).not.toContain('stack');
  log.error({ err: new TypeError('x is not a function') }, 'a line');
  expect(output()).toContain('create-logger.test.ts');
});

test('json gives one object a line where there is no terminal', () => {
  const { log, output } = captured('json');
  log.info({ account: 'main' }, 'hello');
  expect(JSON.parse(output())).toMatchObject({ level: 'info', account: 'main', msg: 'hello' });
});

test('readable lines name account, chat and job before the message, on a terminal also where json is set', () => {
  for (const sink of [captured('pretty'), captured('json', true)]) {
    sink.log.child({ account: 'main' }).child({ job: 'main:u1:2' }).info('hello');
    expect(sink.output()).toMatch(/INFO.*\[main\] #main:u1:2 hello/);
  }
});

test('readable lines tell a foreseen error once, json and debug always in full', () => {
  const write = ({ log }: Captured): void => log.warn({ err: new PermanentError('broken-audio', 'no sound in it') }, 'try failed: no sound in it');
  const readable = captured('pretty', false, 'info');
  write(readable);
  expect(readable.output().trim().split('\n')).toEqual([expect.stringMatching(/WARN: try failed: no sound in it$/)]);
  for (const whole of [captured('json', false, 'info'), captured('pretty', false, 'debug')]) {
    write(whole);
    expect(whole.output()).toContain('PermanentError');
  }
});

test('readable lines keep what the message does not tell: another error, and the stack of one that nobody foresaw', () => {
  const { log, output } = captured('pretty', false, 'info');
  log.warn({ err: new PermanentError('broken-audio', 'no sound in it') }, 'try failed');
  expect(output()).toContain('no sound in it');
  log.warn({ err: new TypeError('x is not a function') }, 'failed: x is not a function');
  expect(output()).toContain('create-logger.test.ts');
});

test('readable lines show the stack of a library\'s error only where it is worse than a warning', () => {
  const { log, output } = captured('pretty', false, 'info');
  log.warn({ err: new Error('no space left') }, 'not written: no space left');
  expect(output()).not.toContain('create-logger.test.ts');
  log.error({ err: new Error('no space left') }, 'not written: no space left');
  expect(output()).toContain('create-logger.test.ts');
});

test('readable lines redact as well', () => {
  const { log, output } = captured('pretty');
  log.info({ phone: SECRET, deep: { text: SECRET } }, 'hello');
  expect(output()).not.toContain(SECRET);
});
