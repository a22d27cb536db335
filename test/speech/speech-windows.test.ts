import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpeechSpan } from '../../src/speech/speech-detector.js';
import { planWindows, toRecordingMs, windowMs } from '../../src/speech/speech-windows.js';
import '../support/fixed-seed.js';

const middle = (fromMs: number, toMs: number): Promise<number> => Promise.resolve((fromMs + toMs) / 2);

async function plan(spans: [number, number][], maxWindowMs = 15_000, durationMs = 1e9) {
  const given = spans.map(([startMs, endMs]) => ({ startMs, endMs }));
  return planWindows({ spans: given, durationMs, maxWindowMs, cutPoint: middle });
}

/** Spans as a detector gives them: in order, apart, of any length. */
const spansArbitrary = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 20, max: 70_000 })), { maxLength: 30 })
  .map((pairs) => {
    let at = 0;
    return pairs.map(([pauseMs, lengthMs]): SpeechSpan => {
      const startMs = at + pauseMs;
      at = startMs + lengthMs;
      return { startMs, endMs: at };
    });
  });

describe('planWindows', () => {
  it('gives no window where there is no speech', async () => {
    expect(await plan([])).toEqual([]);
  });

  it('keeps the sound around speech, as far as the recording and the next speech allow', async () => {
    expect(await plan([[100, 1000]], 15_000, 1200)).toEqual([[{ startMs: 0, endMs: 1200 }]]);
    expect(await plan([[5000, 6000], [6400, 7000], [20_000, 21_000]])).toEqual([
      [
        { startMs: 4400, endMs: 6200 },
        { startMs: 6200, endMs: 7600 },
        { startMs: 19_400, endMs: 21_600 },
      ],
    ]); // prettier-ignore
  });

  it('cuts at the longest pause of the second half of a window, not where it happens to be full', async () => {
    const windows = await plan([[0, 4000], [4300, 8000], [11_000, 12_000], [12_300, 13_500], [13_800, 19_000]]); // prettier-ignore
    expect(windows.map((window) => window.at(-1)!.endMs)).toEqual([8600, 19_600]);
  });

  it('fills a window up to the last real pause, although there was a longer one before', async () => {
    const windows = await plan([[0, 7000], [12_000, 16_000], [17_000, 19_000], [19_700, 24_000]]); // prettier-ignore
    expect(windows.map((window) => window.at(-1)!.endMs)).toEqual([16_500, 24_600]);
  });

  it('keeps less of the pauses where that saves a pass of the encoder, and as much as ever where it does not', async () => {
    const lengths = async (count: number, maxWindowMs: number) => {
      const spans = Array.from({ length: count }, (_, at): [number, number] => [at * 8000, at * 8000 + 6600]);
      return (await plan(spans, maxWindowMs, count * 8000)).map((window) => Math.round(windowMs(window) / 100));
    };
    // A span and its pauses are 7.8 s, with less of them 7.4 s.
    expect(await lengths(3, 30_000)).toEqual([228]);
    expect(await lengths(8, 30_000)).toEqual([292, 296]);
    expect(await lengths(6, 30_000)).toEqual([228, 234]);
    expect(await lengths(4, 15_000)).toEqual([150, 78, 78]);
  });

  it('cuts inside a span only where it alone is longer than a window, at the point that it is told', async () => {
    const asked: [number, number][] = [];
    const windows = await planWindows({
      spans: [{ startMs: 1000, endMs: 31_000 }],
      durationMs: 60_000,
      maxWindowMs: 15_000,
      cutPoint: (fromMs, toMs) => {
        asked.push([fromMs, toMs]);
        return Promise.resolve((fromMs + toMs) / 2);
      },
    });
    expect(windows.length).toBeGreaterThan(2);
    expect(windows.every((window) => window.length === 1 && windowMs(window) <= 15_000)).toBe(true);
    for (const [index, window] of windows.entries()) {
      const { startMs, endMs, cutMs } = window[0]!;
      const before = windows[index - 1]?.[0];
      if (before === undefined) expect({ startMs, cutMs }).toEqual({ startMs: 400, cutMs: undefined });
      else expect([startMs < cutMs!, cutMs! < before.endMs, cutMs! - startMs >= 500, before.endMs - cutMs! >= 500]).toEqual([true, true, true, true]);
      if (index === windows.length - 1) expect(endMs).toBe(31_600);
    }
    expect(asked.every(([fromMs, toMs]) => fromMs < toMs)).toBe(true);
  });

  it('covers all speech in order, overlapping only where speech was cut, in windows that are never too long', async () => {
    await fc.assert(
      fc.asyncProperty(spansArbitrary, fc.constantFrom(8000, 15_000, 30_000), async (spans, maxWindowMs) => {
        const durationMs = (spans.at(-1)?.endMs ?? 0) + 300;
        const windows = await planWindows({ spans, durationMs, maxWindowMs, cutPoint: middle });
        const pieces = windows.flat();
        expect(windows.every((window) => window.length > 0 && windowMs(window) <= maxWindowMs)).toBe(true);
        const edges = pieces.flatMap((piece, at) => [piece.cutMs ?? piece.startMs, pieces[at + 1]?.cutMs ?? piece.endMs]);
        expect(edges).toEqual([...edges].sort((a, b) => a - b));
        expect(Math.max(0, ...pieces.map(({ endMs }) => endMs))).toBeLessThanOrEqual(durationMs);
        const cut = pieces.map((_, at) => ({ startMs: edges[2 * at]!, endMs: edges[2 * at + 1]! }));
        for (const span of spans) {
          const heard = cut.map((piece) => Math.min(span.endMs, piece.endMs) - Math.max(span.startMs, piece.startMs));
          const heardMs = heard.filter((ms) => ms > 0).reduce((sum, ms) => sum + ms, 0);
          expect(heardMs).toBeCloseTo(span.endMs - span.startMs, 3);
        }
      }),
    );
  });
});

describe('toRecordingMs', () => {
  const window = [
    { startMs: 1000, endMs: 3000 },
    { startMs: 10_000, endMs: 11_000 },
  ];

  it('finds the moment of the recording behind a moment of the window', () => {
    expect([0, 500, 1999, 2500, 3000].map((ms) => toRecordingMs(window, ms, 'end'))).toEqual([1000, 1500, 2999, 10_500, 11_000]);
  });

  it('gives a seam to the later piece as a start and to the earlier one as an end', () => {
    expect(toRecordingMs(window, 2000, 'start')).toBe(10_000);
    expect(toRecordingMs(window, 2000, 'end')).toBe(3000);
  });

  it('never leaves the window', () => {
    expect(toRecordingMs(window, 99_000, 'start')).toBe(11_000);
  });
});
