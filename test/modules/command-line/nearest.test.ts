import { expect, test } from 'vitest';
import { nearestOf } from '../../../src/modules/command-line/nearest.js';

const names = ['ping', 'track', 'tracked', 'status', 'no'];

test.each([
  ['pnig', 'ping'],
  ['PING', 'ping'],
  ['pin', 'ping'],
  ['trakc', 'track'],
  ['trackeed', 'tracked'],
  ['sttaus', 'status'],
  ['song', undefined],
  ['pond', undefined],
  ['on', undefined],
  ['tr', undefined],
  ['something', undefined],
])('%s was probably meant as %s', (given, meant) => {
  expect(nearestOf(given, names)).toBe(meant);
});
