import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { createLogger } from '../../src/log/create-logger.js';
import { oneLine, printable } from '../../src/printable.js';
import { anyText, forEvery } from '../support/hostile-inputs.js';

function captured(format: 'pretty' | 'json', isTTY: boolean): { log: ReturnType<typeof createLogger>; take: () => string } {
  let written = '';
  const sink = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      written += chunk;
      done();
    },
  });
  const take = (): string => {
    const text = written;
    written = '';
    return text;
  };
  return { log: createLogger({ level: 'trace', format, stream: Object.assign(sink, { isTTY }) }), take };
}

const TRICKS = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** The colours of pino-pretty, and nothing else that begins with ESC. */
function withoutColors(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[\d{1,3}m/g, '');
}

test.for([
  ['json', false],
  ['pretty', false],
  ['pretty', true],
] as const)('whatever a stranger is called or sends, a %s line (terminal: %s) is one line that no terminal obeys', async ([format, isTTY], ctx) => {
  const { log, take } = captured(format, isTTY);
  await forEvery(ctx, fc.tuple(anyText, anyText), 250, ([one, other]) => {
    log.child({ account: 'main', chat: other }).warn({ name: one, deep: { mime: other } }, `try failed: ${one}`);
    const line = take();
    expect(line.endsWith('\n')).toBe(true);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    // A colour that was in the text is gone with its ESC, so what is left of ours is all there may be.
    expect(withoutColors(line)).not.toMatch(TRICKS);
    if (format === 'json') expect(JSON.parse(line)).toMatchObject({ msg: `try failed: ${one}`, name: one });
  });
});

test('an escape sequence in a text is written out, not obeyed', () => {
  const { log, take } = captured('pretty', true);
  log.error({ err: new PermanentError('broken-audio', '\u001b[31mred\u001b[0m') }, 'said \u001b[31mred\u001b[0m\n[2030-01-01] INFO: all is well');
  const text = take();
  expect(text).not.toContain('\u001b[31mred');
  expect(text).toContain('\\u001b[31mred\\u001b[0m\\u000a[2030-01-01]');
});

test('a name is one line without tricks, and otherwise as it is', async (ctx) => {
  await forEvery(ctx, anyText, 400, (text) => {
    expect(oneLine(text)).not.toMatch(TRICKS);
    expect(oneLine(text)).not.toMatch(/\n|^\s|\s$/);
    expect(printable(text)).not.toMatch(TRICKS);
    expect(printable(printable(text))).toBe(printable(text));
  });
  for (const name of ['Анна Иванова', 'مرحبا', '👩‍👩‍👧‍👦', "O'Neil"]) expect(oneLine(name)).toBe(name);
});
