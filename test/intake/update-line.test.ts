import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpdateLine } from '../../src/intake/update-line.js';

describe('a line', () => {
  it('moves on with events that follow each other, whatever their order and however often they come', () => {
    const count = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.array(count, { minLength: 1, maxLength: 30 }), fc.func(fc.integer()), fc.array(fc.nat(29)), (sizes, rank, again) => {
        let end = 5;
        const events = sizes.map((size) => ({ from: end, to: (end += size) }));
        const doubled = [...events, ...again.flatMap((index) => events[index] ?? [])];
        const order = doubled.map((event, index) => ({ event, rank: rank(index) })).sort((a, b) => a.rank - b.rank);
        const line = new UpdateLine(5);
        const seen = new Set<number>();
        for (const { event } of order) {
          line.cover(event.from, event.to);
          seen.add(event.from);
          const firstMissing = events.find(({ from }) => !seen.has(from))?.from ?? end;
          expect(line.pts).toBe(firstMissing);
          expect(line.hasGap).toBe(events.some(({ from }) => from > firstMissing && seen.has(from)));
        }
        expect([line.pts, line.durablePts]).toEqual([end, end]);
      }),
    );
  });

  it('may be stored only as far as every voice before is durable', () => {
    const line = new UpdateLine(1);
    const first = line.hold(1);
    line.cover(1, 2);
    const second = line.hold(2);
    line.cover(2, 3);
    line.note(3, 'u5', 30);
    expect([line.pts, line.durablePts]).toEqual([3, 1]);
    second();
    expect([line.durablePts, line.takeNotes().size]).toEqual([1, 0]);
    first();
    expect([line.durablePts, [...line.takeNotes()]]).toEqual([3, [['u5', 30]]]);
    expect(line.takeNotes().size).toBe(0);
  });

  it('knows nothing any more of what came after the state it goes back to', () => {
    const line = new UpdateLine(10);
    line.cover(10, 20);
    line.cover(25, 30);
    const release = line.hold(30);
    line.rewind(12);
    release();
    expect([line.pts, line.durablePts, line.hasGap]).toEqual([12, 12, true]);
    line.cover(12, 26);
    expect([line.pts, line.hasGap]).toEqual([26, true]);
    line.rewind(40);
    expect(line.pts).toBe(26);
  });

  it('has a gap where Telegram tells of a later state, until it is there or it turns out to be none', () => {
    const line = new UpdateLine(1);
    line.hear(3);
    expect([line.pts, line.hasGap]).toEqual([1, true]);
    line.cover(1, 3);
    expect(line.hasGap).toBe(false);
    line.hear(9);
    line.jump(3);
    expect([line.pts, line.hasGap]).toEqual([3, false]);
  });

  it('keeps a bounded number of stretches that do not touch', () => {
    const line = new UpdateLine(1);
    for (let pts = 10; pts < 30_000; pts += 10) line.cover(pts, pts + 1);
    line.cover(1, 30_000);
    expect(line.pts).toBe(30_000);
  });
});
