import { expect, test } from 'vitest';
import { LineTail } from '../../src/media/line-tail.js';

test('lines come whole, however the pieces are cut, and the last ones are kept with the unfinished one', () => {
  const tail = new LineTail(2);
  expect(tail.push('one\ntw')).toEqual(['one']);
  expect(tail.push('o\r\n\nthree\nfour: ')).toEqual(['two', 'three']);
  expect(tail.text()).toBe('two | three | four:');
});

test('a long line is answered whole and shown in part', () => {
  const tail = new LineTail(1, 10);
  const long = 'processing window.wav';
  expect([...tail.push(long.slice(0, 15)), ...tail.push(`${long.slice(15)}\n`)]).toEqual([long]);
  expect(tail.text()).toBe('processing');
});

test('what never ends a line is bounded', () => {
  const tail = new LineTail();
  for (let count = 0; count < 100; count += 1) tail.push('x'.repeat(1000));
  expect(tail.text()).toHaveLength(500);
});
