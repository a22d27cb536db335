import { describe, expect, it } from 'vitest';
import { FloodGate } from '../../../src/modules/boundary/flood-gate.js';
import { BrokenFrameError, encodeFrame, FrameReader } from '../../../src/modules/boundary/frames.mjs';

describe('frames', () => {
  it('are put together again from pieces of any size', () => {
    const values = [{ a: 'ы'.repeat(300) }, [], 'x', { deep: { list: [1, null] } }];
    const bytes = Buffer.concat(values.map(encodeFrame));
    for (const size of [1, 2, 3, 5, 7, 100, bytes.length]) {
      const reader = new FrameReader(10_000);
      const read: unknown[] = [];
      for (let at = 0; at < bytes.length; at += size) read.push(...reader.push(bytes.subarray(at, at + size)));
      expect(read, `pieces of ${size}`).toEqual(values);
    }
  });

  it('that are too large are refused by their length alone, and so is what is no JSON', () => {
    const claimed = Buffer.alloc(4);
    claimed.writeUInt32BE(2 ** 31);
    expect(() => new FrameReader(1000).push(claimed)).toThrow(BrokenFrameError);
    const frameOf = (text: string) => Buffer.concat([Buffer.from([0, 0, text.length >> 8, text.length & 255]), Buffer.from(text)]);
    expect(() => new FrameReader(100_000).push(frameOf('{"kind":'))).toThrow(BrokenFrameError);
  });

  it('carry no key that could become a prototype, however it is written', () => {
    const text = String.raw`{"a":{"__proto__":{"polluted":1}},"\u005f_proto__":{"polluted":1},"b":2}`;
    const [value] = new FrameReader(1000).push(Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]));
    expect(JSON.stringify(value)).toBe('{"a":{},"b":2}');
    expect(Object.assign({}, value)).not.toHaveProperty('polluted');
  });
});

describe('the flood gate', () => {
  it('lets a burst pass, then so many a second', () => {
    let nowMs = 0;
    const gate = new FloodGate(() => nowMs);
    const passed = (): number => {
      let count = 0;
      while (gate.pass()) count += 1;
      return count;
    };
    expect(passed()).toBe(1000);
    nowMs += 1000;
    expect(passed()).toBeGreaterThan(150);
    nowMs += 3_600_000;
    expect(passed()).toBe(1000);
  });

  it('counts bytes too, which the frames that carry them do not tell', () => {
    let nowMs = 0;
    const gate = new FloodGate(() => nowMs);
    const megabytes = (): number => {
      let count = 0;
      while (gate.passBytes(1_000_000)) count += 1;
      return count;
    };
    expect(megabytes()).toBe(16);
    expect(gate.pass()).toBe(true);
    nowMs += 10_000;
    expect(megabytes()).toBe(16);
  });
});
