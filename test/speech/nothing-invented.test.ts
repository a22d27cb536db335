import { describe, expect, it, type TestContext } from 'vitest';
import { nonSpeechSounds } from '../../src/cli/bench/quality/non-speech-sounds.js';
import { toLittleEndian } from '../../src/media/pcm-file.js';
import { EnergyDetector } from '../../src/speech/energy-detector.js';
import { recognize } from '../../src/speech/recognize.js';
import { SileroDetector } from '../../src/speech/silero-detector.js';
import type { SpeechDetector } from '../../src/speech/speech-detector.js';
import { requireEngine, requireSilero, silent, startableServer } from '../support/engine.js';
import { recordingFrom } from './sounds.js';

const never = new AbortController().signal;
const options = { language: 'auto', maxWindowMs: 15_000 };

const detectors: [string, (ctx: TestContext) => SpeechDetector][] = [
  ['silero', (ctx) => new SileroDetector({ vadPath: requireEngine(ctx).vadPath, vadModelPath: requireSilero(ctx), threads: 2 })],
  ['energy', () => new EnergyDetector()],
];

/** Those that were hardest to tell from speech, and of the rest every sixth; `npm run bench -- quality` hears all 200. */
const HARDEST = /struck every second|as syllables|drums$|knocks|crickets|breathes|howls|arpeggio of saw|dialled|whistles|blackbird|band$/;
const sounds = nonSpeechSounds().filter(({ name }, index) => HARDEST.test(name) || index % 6 === 0);

describe('where nobody speaks', () => {
  it('there are sounds of every kind, each with a name of its own, the same in every run', () => {
    const [all, again] = [nonSpeechSounds(), nonSpeechSounds()];
    expect(all).toHaveLength(200);
    expect(new Set(all.map(({ name }) => name)).size).toBe(200);
    expect(sounds.length).toBeGreaterThanOrEqual(40);
    for (const index of [20, 60, 100, 140, 180]) expect(toLittleEndian(again[index]!.pcm().samples).equals(toLittleEndian(all[index]!.pcm().samples))).toBe(true);
  });

  it.for(detectors)('no word is invented with the %s detector', async ([, createDetector], ctx) => {
    const deps = { engine: await startableServer(ctx), detector: createDetector(ctx), log: silent };
    const heard: string[] = [];
    for (const { name, pcm } of sounds) {
      const { segments } = await recognize(await recordingFrom(pcm()), deps, options, never);
      if (segments.length > 0) heard.push(`${name}: ${segments.map(({ text }) => text).join(' ')}`);
    }
    expect(heard).toEqual([]);
  });

  it('the bundled model would invent words: it is the detector that does not let it', async (ctx) => {
    const engine = await startableServer(ctx);
    const detector = new EnergyDetector();
    const knocks = nonSpeechSounds().find(({ name }) => name.includes('knocks'))!;
    const without = { ...options, mechanisms: { detector: false, gates: false, phantoms: false } };
    const { segments } = await recognize(await recordingFrom(knocks.pcm()), { engine, detector, log: silent }, without, never);
    expect(segments).not.toEqual([]);
  });
});
