import { expect, test } from 'vitest';
import { oneLine } from '../../src/modules/one-line.js';

test.each([
  ['a text that fits', 'a text that fits'],
  [' two\r\n lines\tand\u2028more ', 'two lines and more'],
  ['exe.\u202egpj\u0007\u0000', 'exe. gpj'],
  ['a longer text than fits', 'a longer text than…'],
  ['a longer text than🙂🙂', 'a longer text than…'],
])('%j becomes %j', (text, line) => {
  expect(oneLine(text, 19)).toBe(line);
});
