import { expect, it } from 'vitest';
import { msToSamples } from '../../src/media/pcm.js';
import { recognize } from '../../src/speech/recognize.js';
import type { TranscribedWord } from '../../src/speech/transcript.js';
import { silent } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';
import { recordingFrom } from './sounds.js';

const never = new AbortController().signal;
const FIRST_LEVEL = 1000;
const LEVEL_STEP = 100;

/** Sound in which each word is as loud as its number says, with hardly a gap between words. */
function speechWithoutPauses(count: number, gapMs: number): { samples: Int16Array; lengthsMs: number[] } {
  const lengthsMs = Array.from({ length: count }, (_, n) => 180 + ((n * 7919) % 37) * 10);
  const parts = lengthsMs.map((ms, n) => {
    const level = FIRST_LEVEL + n * LEVEL_STEP;
    const word = Int16Array.from({ length: msToSamples(ms) }, (_, at) => (at % 2 === 0 ? level : -level));
    return [word, new Int16Array(msToSamples(gapMs))];
  });
  const all = parts.flat();
  const samples = new Int16Array(all.reduce((sum, part) => sum + part.length, 0));
  all.reduce((at, part) => (samples.set(part, at), at + part.length), 0);
  return { samples, lengthsMs };
}

/** Hears such sound as engines do: whole words well, of a word that is cut off something else, and times not exactly. */
function hear(samples: Int16Array, lengthsMs: readonly number[]): TranscribedWord[] {
  const words: TranscribedWord[] = [];
  for (let at = 0; at < samples.length; at += 1) {
    const level = Math.abs(samples[at]!);
    if (level === 0) continue;
    const from = at;
    while (at < samples.length && Math.abs(samples[at]!) === level) at += 1;
    const number = (level - FIRST_LEVEL) / LEVEL_STEP;
    const isWhole = at - from >= msToSamples(lengthsMs[number]!) - 2;
    const jitterMs = ((from * 31) % 200) - 100;
    const startMs = Math.max(0, from / 16 + jitterMs);
    words.push({ text: isWhole ? `w${number}` : `cut${number}`, startMs, endMs: startMs + (at - from) / 16, probability: 0.9 });
  }
  return words;
}

it.each([0, 20, 60])('neither loses nor doubles a word of speech with gaps of %d ms, however the windows are cut', async (gapMs) => {
  const { samples, lengthsMs } = speechWithoutPauses(200, gapMs);
  const totalMs = samples.length / 16;
  const detector = { name: 'fixed', detect: () => Promise.resolve([{ startMs: 0, endMs: totalMs }]) };
  let heardMs = 0;
  const engine = {
    ...standInEngine,
    transcribe: ({ pcm }: { pcm: { samples: Int16Array } }) => {
      heardMs += pcm.samples.length / 16;
      const words = hear(pcm.samples, lengthsMs);
      const text = words.map((word) => word.text).join(' ');
      const segment = { startMs: words[0]!.startMs, endMs: words.at(-1)!.endMs, text, words };
      return Promise.resolve({ segments: [segment], language: 'en' });
    },
  };
  const recording = await recordingFrom({ samples });
  const { segments, windows } = await recognize(recording, { engine, detector, log: silent }, { language: 'en', maxWindowMs: 15_000 }, never);
  expect(windows!.length).toBeGreaterThan(4);
  expect(segments.flatMap(({ text }) => text.split(' '))).toEqual(lengthsMs.map((_, n) => `w${n}`));
  expect(heardMs).toBeLessThan(totalMs * 1.4);
});
