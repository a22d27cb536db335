import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BAR_COUNT, barsOf, packBars, unpackBars } from '../../src/sandbox/demo/waveform.js';
import '../support/fixed-seed.js';

test('bars that are packed as Telegram packs them come out as they were, in 63 bytes', () => {
  const bars = fc.array(fc.integer({ min: 0, max: 31 }), { minLength: BAR_COUNT, maxLength: BAR_COUNT });
  fc.assert(
    fc.property(bars, (heights) => {
      const packed = packBars(heights);
      expect(packed.length).toBe(63);
      expect(unpackBars(packed)).toEqual(heights);
    }),
  );
});

test('the loudest part is the highest bar, silence has none', () => {
  const samples = new Int16Array(BAR_COUNT * 10);
  samples[505] = -32_768;
  samples[105] = 16_384;
  const bars = barsOf(samples);
  expect([bars[50], bars[10], bars[0]]).toEqual([31, 16, 0]);
  expect(new Set(barsOf(new Int16Array(0)))).toEqual(new Set([0]));
});
