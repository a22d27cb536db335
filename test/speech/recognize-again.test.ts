import { describe, expect, it } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import type { Engine } from '../../src/speech/engine.js';
import type { FinishedWindow, RecognitionCheckpoint } from '../../src/speech/recognition-checkpoint.js';
import { recognize, type RecognizeOptions } from '../../src/speech/recognize.js';
import { silent } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';
import { pause, recordingFrom } from './sounds.js';

const never = new AbortController().signal;
const detector = {
  name: 'fixed',
  detect: () => Promise.resolve([0, 1, 2, 3].map((n) => ({ startMs: n * 10_000 + 1000, endMs: n * 10_000 + 8000 }))),
};

/** A checkpoint in memory that promises what the one in Redis does. */
function checkpoint(): RecognitionCheckpoint & { windows: FinishedWindow[] } {
  let kept = '';
  const windows: FinishedWindow[] = [];
  return {
    windows,
    read: (fingerprint) => {
      if (kept !== fingerprint) windows.length = 0;
      return Promise.resolve([...windows]);
    },
    write: (fingerprint, index, window) => {
      kept = fingerprint;
      windows[index] = window;
      return Promise.resolve();
    },
  };
}

/** Says at each call how often it was called, and dies at the given ones. */
function counting({ diesAt = [] as number[], model = 'one', onCall = (_call: number): void => undefined } = {}): Engine & { calls: number; model: string } {
  const engine = {
    ...standInEngine,
    model,
    calls: 0,
    transcribe: () => {
      engine.calls += 1;
      onCall(engine.calls);
      if (diesAt.includes(engine.calls)) return Promise.reject(new RetryableError('the engine died'));
      const times = { startMs: 600, endMs: 7600 };
      const text = `${engine.model} ${engine.calls}`;
      return Promise.resolve({ segments: [{ ...times, text, words: [{ text, ...times, probability: 0.9 }] }], language: 'en' });
    },
  };
  return engine;
}

async function run(engine: Engine, over: Partial<RecognizeOptions> = {}) {
  const seen: number[] = [];
  const options = { language: 'en', maxWindowMs: 10_000, onProgress: ({ doneMs }: { doneMs: number }) => seen.push(doneMs), ...over };
  const recognition = await recognize(await recordingFrom({ samples: pause(40_000) }), { engine, detector, log: silent }, options, never);
  return { ...recognition, texts: recognition.segments.map(({ text }) => text), seen };
}

describe('a recording that is recognized again', () => {
  it('is heard only from where the last try ended, and shows its progress from there', async () => {
    const kept = checkpoint();
    const engine = counting({ diesAt: [3] });
    await expect(run(engine, { checkpoint: kept })).rejects.toThrow('the engine died');
    const { texts, resumedWindows, windows, seen } = await run(engine, { checkpoint: kept });
    expect(engine.calls).toBe(5);
    expect(texts).toEqual(['one 1', 'one 2', 'one 4', 'one 5']);
    expect(resumedWindows).toBe(2);
    expect(windows).toHaveLength(4);
    expect(seen).toHaveLength(3);
  });

  it('is the same whether it was heard in one go or in many', async () => {
    const kept = checkpoint();
    for (let at = 1; at < 4; at += 1) await expect(run(counting({ diesAt: [2] }), { checkpoint: kept })).rejects.toThrow();
    const [pieced, whole] = [await run(counting(), { checkpoint: kept }), await run(counting())];
    expect(pieced.segments.map(({ startMs, endMs }) => [startMs, endMs])).toEqual(whole.segments.map(({ startMs, endMs }) => [startMs, endMs]));
    expect(pieced.language).toBe(whole.language);
  });

  it.each<[string, Partial<RecognizeOptions>, string]>([
    ['another model', {}, 'two'],
    ['another language', { language: 'ru' }, 'one'],
    ['other windows', { maxWindowMs: 9000 }, 'one'],
    ['other words to expect', { vocabulary: ['Gramscribe'] }, 'one'],
    ['other mechanisms', { mechanisms: { retry: false } }, 'one'],
  ])('is heard from its beginning with %s', async (_what, over, model) => {
    const kept = checkpoint();
    await expect(run(counting({ diesAt: [3] }), { checkpoint: kept })).rejects.toThrow();
    const engine = counting({ model });
    const recognition = await run(engine, { checkpoint: kept, ...over });
    expect(recognition).not.toHaveProperty('resumedWindows');
    expect(engine.calls).toBe(4);
  });

  it('goes on although something was learned of the speaker meanwhile', async () => {
    const kept = checkpoint();
    await expect(run(counting({ diesAt: [3] }), { checkpoint: kept })).rejects.toThrow();
    const expectation = { account: { ru: 5 } } as unknown as RecognizeOptions['expectation'];
    expect((await run(counting(), { checkpoint: kept, expectation })).resumedWindows).toBe(2);
  });

  it('is heard from its beginning where the model is switched in its middle: one text is not of two models', async () => {
    const engine = counting({ onCall: (call) => call === 3 && Object.assign(engine, { model: 'two' }) });
    const { texts, model } = await run(engine, { checkpoint: checkpoint() });
    expect(texts).toEqual(['two 4', 'two 5', 'two 6', 'two 7']);
    expect(model).toBe('two');
  });

  it('is heard in one go by an engine that stands in, though the one before it is to be asked again meanwhile', async () => {
    const engine = counting({ model: 'second', onCall: (call) => call === 2 && Object.assign(engine, { model: 'first' }) });
    const transcribe = engine.transcribe.bind(engine);
    engine.transcribe = async (...args) => ({ ...(await transcribe(...args)), madeBy: { engine: 'stand-in', model: 'second' } });
    const { model } = await run(engine, { checkpoint: checkpoint() });
    expect([engine.calls, model]).toEqual([4, 'second']);
  });

  it('comes to its end though the engines take turns without end', async () => {
    const engine = counting({ onCall: (call) => Object.assign(engine, { model: `model ${call}` }) });
    const { windows } = await run(engine, { checkpoint: checkpoint() });
    expect(windows).toHaveLength(4);
  });
});
