import { describe, expect, it, type TestContext } from 'vitest';
import { createSpeechDetector } from '../../src/speech/create-speech-detector.js';
import { EnergyDetector } from '../../src/speech/energy-detector.js';
import { partsOf, SileroDetector } from '../../src/speech/silero-detector.js';
import type { SpeechDetector, SpeechSpan } from '../../src/speech/speech-detector.js';
import { requireEngine, requireSilero, silent } from '../support/engine.js';
import { bundledClips } from '../support/workspace.js';
import { generated, joined, pause, pcmOf, recordingFrom, recordingOf } from './sounds.js';

const never = new AbortController().signal;

const detectors: [string, (ctx: TestContext) => SpeechDetector][] = [
  ['silero', (ctx) => new SileroDetector({ vadPath: requireEngine(ctx).vadPath, vadModelPath: requireSilero(ctx), threads: 2 })],
  ['energy', () => new EnergyDetector()],
];

/** Everything that is no speech, from nothing at all to what confuses a detector by energy: sounds that begin and end. */
const noSpeech: Record<string, string> = {
  'digital silence': 'anullsrc=d=8',
  'faint noise': 'anoisesrc=d=8:a=0.0005',
  'white noise': 'anoisesrc=d=10:c=white:a=0.3',
  'pink noise': 'anoisesrc=d=10:c=pink:a=0.3',
  'brown noise': 'anoisesrc=d=10:c=brown:a=0.5',
  'a high tone': 'sine=f=1000:d=8',
  'a low tone': 'sine=f=120:d=8',
  'mains hum': 'aevalsrc=0.2*sin(2*PI*50*t)+0.05*sin(2*PI*150*t):d=8',
  'a tone that begins and ends': 'aevalsrc=0.3*sin(2*PI*440*t)*between(t\\,2\\,5):d=8',
  'noise that begins and ends': 'aevalsrc=0.3*(random(0)-0.5)*between(t\\,2\\,6):d=9',
  clicks: 'aevalsrc=0.9*lt(mod(t\\,1)\\,0.01):d=8',
  'an instant of sound': 'anoisesrc=d=0.01',
};

function overlapMs(span: { startMs: number; endMs: number }, spans: readonly SpeechSpan[]): number {
  return spans.reduce(
    (sum, other) => sum + Math.max(0, Math.min(span.endMs, other.endMs) - Math.max(span.startMs, other.startMs)),
    0,
  );
}

describe.each(detectors)('the %s detector', (_name, create) => {
  it('finds the speech of every clip and leaves its pauses out', async (ctx) => {
    const detector = create(ctx);
    for (const clip of await bundledClips()) {
      const spans = await detector.detect(await recordingOf(clip.path), never);
      for (const { start, end } of clip.segments) {
        const spoken = { startMs: start * 1000, endMs: end * 1000 };
        const missedMs = spoken.endMs - spoken.startMs - overlapMs(spoken, spans);
        expect(missedMs, `${clip.file} at ${start}`).toBeLessThan(200);
      }
      const spokenMs = clip.segments.reduce((sum, { start, end }) => sum + (end - start) * 1000, 0);
      const foundMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
      expect(foundMs - spokenMs, clip.file).toBeLessThan(500);
    }
  });

  it.for(Object.entries(noSpeech))('finds nothing in %s', async ([, graph], ctx) => {
    expect(await create(ctx).detect(await generated(graph), never)).toEqual([]);
  });

  it('gives spans in order, apart from each other and inside the recording', async (ctx) => {
    const clips = await bundledClips();
    const parts = await Promise.all(clips.map(async (clip) => (await pcmOf(clip.path)).samples));
    const recording = await recordingFrom(joined(parts));
    const spans = await create(ctx).detect(recording, never);
    const edges = spans.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(edges).toEqual([...edges].sort((a, b) => a - b));
    expect(edges.every((edge) => edge >= 0 && edge <= recording.sampleCount / 16)).toBe(true);
    expect(spans.every(({ startMs, endMs }) => endMs > startMs)).toBe(true);
  });

  it('keeps its times true over a long recording, also where it is read in parts', async (ctx) => {
    const [clip] = await bundledClips();
    const { samples } = await pcmOf(clip!.path);
    // The second clip lies across the border of two five-minute parts.
    const starts = [100_000, 298_500, 640_000];
    const parts: Int16Array[] = [];
    let atMs = 0;
    for (const start of starts) {
      parts.push(pause(start - atMs), samples);
      atMs = start + samples.length / 16;
    }
    const spans = await create(ctx).detect(await recordingFrom(joined([...parts, pause(5000)])), never);
    for (const start of starts) {
      for (const segment of clip!.segments) {
        const spoken = { startMs: start + segment.start * 1000, endMs: start + segment.end * 1000 };
        expect(spoken.endMs - spoken.startMs - overlapMs(spoken, spans)).toBeLessThan(300);
      }
    }
    const inside = (span: SpeechSpan) => starts.some((start) => span.startMs > start - 300 && span.endMs < start + 5000);
    expect(spans.filter((span) => !inside(span))).toEqual([]);
  });

  it('finds the same speech whole and in parts that are heard beside each other', async (ctx) => {
    const detector = create(ctx);
    const pcms = await Promise.all((await bundledClips()).map((clip) => pcmOf(clip.path)));
    const recording = await recordingFrom(joined([...pcms, ...pcms].map(({ samples }) => samples)));
    expect(recording.sampleCount / 16_000).toBeGreaterThan(60);
    const inParts = await detector.detect(recording, never);
    const whole = detector instanceof SileroDetector ? await new SileroDetector({ ...detector.options, threads: 1 }).detect(recording, never) : inParts;
    expect(inParts).toHaveLength(whole.length);
    for (const [at, { startMs, endMs }] of whole.entries()) {
      expect(Math.abs(inParts[at]!.startMs - startMs)).toBeLessThan(100);
      expect(Math.abs(inParts[at]!.endMs - endMs)).toBeLessThan(100);
    }
  });

  it('hears speech over noise', async (ctx) => {
    const [clip] = await bundledClips();
    const { samples } = await pcmOf(clip!.path);
    let seed = 1;
    const noisy = joined([pause(1500), samples, pause(1500)]).samples.map((sample) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.max(-32_768, Math.min(32_767, sample + (seed / 2_147_483_648 - 0.5) * 1200));
    });
    const spans = await create(ctx).detect(await recordingFrom({ samples: noisy }), never);
    for (const { start, end } of clip!.segments) {
      const spoken = { startMs: 1500 + start * 1000, endMs: 1500 + end * 1000 };
      expect(overlapMs(spoken, spans) / (spoken.endMs - spoken.startMs)).toBeGreaterThan(0.6);
    }
  });

  it('stops when it is aborted', async (ctx) => {
    const recording = await generated('sine=d=60');
    const attempt = create(ctx).detect(recording, AbortSignal.abort(new Error('enough')));
    await expect(attempt).rejects.toThrow('enough');
  });
});

describe('partsOf', () => {
  it.each([1, 2, 4, 8, 16, 64])('covers a recording without a gap, and with %i cores no more of it is in memory than needed', (threads) => {
    const minute = 60_000;
    for (const minutes of [0.1, 1, 7, 90, 720]) {
      const parts = partsOf(minutes * minute, threads);
      expect(parts[0]?.startMs).toBe(0);
      expect(parts.at(-1)?.endMs).toBe(minutes * minute);
      for (const [at, { startMs }] of parts.slice(1).entries()) expect(startMs).toBe(parts[at]!.endMs);
      const atOnceMs = parts.slice(0, threads).reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
      expect(atOnceMs).toBeLessThanOrEqual(Math.max(20, threads) * minute);
    }
  });
});

describe('createSpeechDetector', () => {
  it('takes Silero where its model is, and the detector by energy where it is not', async (ctx) => {
    const { vadPath } = requireEngine(ctx);
    const without = await createSpeechDetector({ vadPath, vadModelPath: '/nonexistent/silero.bin', threads: 1 }, silent);
    expect(without.name).toBe('energy');
    const vadModelPath = requireSilero(ctx);
    expect((await createSpeechDetector({ vadPath, vadModelPath, threads: 1 }, silent)).name).toBe('silero');
    expect((await createSpeechDetector({ vadPath: '/nonexistent', vadModelPath, threads: 1 }, silent)).name).toBe('energy');
  });
});
