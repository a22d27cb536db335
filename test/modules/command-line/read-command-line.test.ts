import { expect, test } from 'vitest';
import { readCommandLine } from '../../../src/modules/command-line/read-command-line.js';
import fc from 'fast-check';
import '../../support/fixed-seed.js';

const names = new Set(['ping', 'track', 'lang-ui', 'e']);
const aliases = new Map([
  ['п', 'ping'],
  ['эхо', 'ping --loud'],
  ['all', 'эхо  -x "a b"'],
  ['round', 'round'],
  ['ping', 'track'],
  ['lost', 'nothing'],
]);

function read(text: string, prefix = '.') {
  return readCommandLine(text, {
    choices: { prefix, aliases },
    knows: (name) => names.has(name),
    isAddressee: (to) => to === 'me' || to === 'boris',
  });
}

const ping = (rest = '') => ({ kind: 'command', name: 'ping', rest });

test.each([
  ['.ping', ping()],
  ['.PiNg  a "b  c"\n d', ping('a "b  c"\n d')],
  ['.ping\nline', ping('line')],
  ['.lang-ui ru', { kind: 'command', name: 'lang-ui', rest: 'ru' }],
  ['юзштп Ю.Б', ping('Ю.Б')],
  ['Юзштп', ping()],
  ['.зштп', ping()],
  ['юping', ping()],
  ['.п', ping()],
  ['.g', ping()],
  ['/g', ping()],
  ["/'[j hi", ping('--loud hi')],
  ['.эхо hi', ping('--loud hi')],
  ['.all', ping('--loud -x "a b"')],
  ['.ping@me a', ping('a')],
  ['юзштп"ьу a', ping('a')],
  ['.ping@Boris', ping()],
  ['.ping@anna', undefined],
  ['.pong', { kind: 'unknown', name: 'pong' }],
  ['.pong@anna', undefined],
  ['.round', { kind: 'unknown', name: 'round' }],
  ['.lost', { kind: 'unknown', name: 'lost' }],
])('%s', (text, reading) => {
  expect(read(text)).toEqual(reading);
});

test.each(['.', '..', '...', '....', '. ping', '.5', '.,', '', 'ping', 'ю', 'юла', 'юмор и сатира', '/start', '/ping', '…', '.ping@', '!ping'])(
  '%s is a person’s own business',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);

test('the prefix twice is meant as text', () => {
  expect(read('..ping  a\nb')).toEqual({ kind: 'escaped', text: '.ping  a\nb' });
  expect(read('!!ping', '!')).toEqual({ kind: 'escaped', text: '!ping' });
  expect(read('...ping')).toBeUndefined();
});

test.each([
  ['!', '!ping', '!зштп'],
  ['/', '/ping', '.зштп'],
  ['>>', '>>ping', 'ЮЮзштп'],
  [';', ';ping', 'жзштп'],
  ['№', '№ping', '№зштп'],
])('the prefix %s is understood in either layout', (prefix, ...texts) => {
  for (const text of texts) expect(read(text, prefix)).toEqual(ping());
});

test('whatever somebody writes, it does not throw, and what follows the name is not changed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('.', '..', 'ю', '/', '.ping ', 'юзштп\n'), (text, start) => {
      const reading = read(start + text);
      if (reading?.kind === 'command') expect(start + text).toContain(reading.rest.replace('--loud ', ''));
    }),
  );
});
