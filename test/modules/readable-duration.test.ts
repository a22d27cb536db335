import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import { readableDuration, readablePeriod } from '../../src/modules/readable-duration.js';

const { units } = textsFor('en').commandLine;

test.each([
  [0, '0 s', '0 s'],
  [59_999, '59 s', '59 s'],
  [60_000, '1 min 0 s', '1 min'],
  [10 * 60_000, '10 min 0 s', '10 min'],
  [90_000, '1 min 30 s', '1 min 30 s'],
  [3_600_000, '1 h 0 min', '1 h'],
  [2 * 86_400_000 + 5 * 3_600_000 + 1, '2 d 5 h', '2 d 5 h'],
])('%i ms are %s, as a period %s', (ms, duration, period) => {
  expect(readableDuration(ms, units)).toBe(duration);
  expect(readablePeriod(ms, units)).toBe(period);
});
