/** Telegram's waveform of a voice message: 100 bars of 5 bits, packed from the lowest bit up. */
export const BAR_COUNT = 100;
const BITS = 5;
const HIGHEST = 2 ** BITS - 1;

/** The loudest sample of each hundredth, against the loudest of all. */
export function barsOf(samples: Int16Array): number[] {
  const peaks = Array.from({ length: BAR_COUNT }, (_, bar) => {
    const from = Math.floor((bar * samples.length) / BAR_COUNT);
    const to = Math.floor(((bar + 1) * samples.length) / BAR_COUNT);
    return samples.subarray(from, to).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
  });
  const loudest = Math.max(...peaks, 1);
  return peaks.map((peak) => Math.round((peak / loudest) * HIGHEST));
}

export function packBars(bars: readonly number[]): Buffer {
  const packed = Buffer.alloc(Math.ceil((bars.length * BITS) / 8));
  bars.forEach((bar, index) => {
    const bit = index * BITS;
    const byte = bit >> 3;
    const shifted = (bar & HIGHEST) << (bit & 7);
    packed[byte] = (packed[byte] ?? 0) | (shifted & 0xff);
    if (byte + 1 < packed.length) packed[byte + 1] = (packed[byte + 1] ?? 0) | (shifted >> 8);
  });
  return packed;
}

export function unpackBars(packed: Buffer): number[] {
  const count = Math.floor((packed.length * 8) / BITS);
  return Array.from({ length: count }, (_, index) => {
    const bit = index * BITS;
    const pair = (packed[bit >> 3] ?? 0) | ((packed[(bit >> 3) + 1] ?? 0) << 8);
    return (pair >> (bit & 7)) & HIGHEST;
  });
}
