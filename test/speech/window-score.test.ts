import { describe, expect, it } from 'vitest';
import type { TranscribedSegment } from '../../src/speech/transcript.js';
import { windowScore } from '../../src/speech/window-score.js';

const speech = [{ startMs: 0, endMs: 4000 }, { startMs: 5000, endMs: 10_000 }];

function said(text: string, { probability = 0.9, toMs = 10_000 }: { probability?: number | null; toMs?: number } = {}): TranscribedSegment[] {
  const words = text.split(' ').map((word) => ({ text: word, startMs: 0, endMs: toMs, ...(probability !== null && { probability }) }));
  return [{ startMs: 0, endMs: toMs, text, words }];
}

const sentence = 'мы встретимся вечером у вокзала и купим хлеб';

describe('windowScore', () => {
  it('is near 0 for sure words that cover the speech, and falls with their probability', () => {
    const scores = [0.99, 0.9, 0.6, 0.4, 0.2].map((probability) => windowScore(said(sentence, { probability }), speech));
    expect(scores[0]).toBeGreaterThan(-0.05);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it('is worse for a loop than for nothing, however sure the loop is', () => {
    expect(windowScore(said('thank you '.repeat(12).trim(), { probability: 0.99 }), speech)).toBeLessThan(windowScore([], speech));
  });

  it('is worse than nothing for words that nobody is sure of, and better for half a text', () => {
    expect(windowScore(said(sentence, { probability: 0.1 }), speech)).toBeLessThan(windowScore([], speech));
    expect(windowScore(said('мы встретимся', { toMs: 4000 }), speech)).toBeGreaterThan(windowScore([], speech));
  });

  it('falls with speech that is left out and with words that nobody can say so fast', () => {
    const whole = windowScore(said(sentence), speech);
    expect(windowScore(said(sentence, { toMs: 4000 }), speech)).toBeLessThan(whole);
    const fast = Array.from({ length: 80 }, (_, n) => `слово${(n * 7919) % 1000}`).join(' ');
    expect(windowScore(said(fast), speech)).toBeLessThan(whole);
  });

  it('takes Cyrillic for no loop because its letters begin with the same byte', () => {
    const [ru, en] = [sentence, 'we meet in the evening at the station and buy bread'].map((text) => windowScore(said(text), speech));
    expect(ru).toBeCloseTo(en!, 2);
  });

  it('puts a text of an engine that tells no probabilities between a good and a bad one', () => {
    const untold = windowScore(said(sentence, { probability: null }), speech);
    expect(untold).toBeLessThan(windowScore(said(sentence), speech));
    expect(untold).toBeGreaterThan(windowScore([], speech));
  });
});
