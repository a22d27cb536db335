import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import { RetryableError } from '../../src/errors.js';
import { EnergyDetector } from '../../src/speech/energy-detector.js';
import type { Engine, EngineRequest, EngineResult } from '../../src/speech/engine.js';
import { recognize, type RecognitionProgress } from '../../src/speech/recognize.js';
import { SileroDetector } from '../../src/speech/silero-detector.js';
import type { SpeechDetector } from '../../src/speech/speech-detector.js';
import type { TranscribedSegment } from '../../src/speech/transcript.js';
import { requireEngine, requireSilero, silent, startableServer, testModels } from '../support/engine.js';
import { standInEngine } from '../support/stand-in-engine.js';
import { bundledClips, type Clip } from '../support/workspace.js';
import { concatenated, generated, joined, pause, pcmOf, recordingFrom, recordingOf, wordErrors, wordsOf } from './sounds.js';

const never = new AbortController().signal;
const run = promisify(execFile);
const options = { language: 'auto', maxWindowMs: 15_000 };

const detectors: [string, (ctx: TestContext) => SpeechDetector][] = [
  ['silero', (ctx) => new SileroDetector({ vadPath: requireEngine(ctx).vadPath, vadModelPath: requireSilero(ctx), threads: 2 })],
  ['energy', () => new EnergyDetector()],
];

function textOf({ segments }: { segments: readonly TranscribedSegment[] }): string {
  return segments.map(({ text }) => text).join(' ');
}

/** What whisper.cpp's own program reads in a clip with the same model. */
async function whisperCli(ctx: TestContext, clip: Clip): Promise<string> {
  const model = join(testModels, 'ggml-nano.bin');
  const args = ['-m', model, '-l', 'auto', '-nt', '-np', '-t', '2', '-f', clip.path];
  return (await run(requireEngine(ctx).cliPath, args)).stdout;
}

/** An engine whose answers are made up; it keeps what it was asked. */
function scripted(answer: (request: EngineRequest, index: number) => Partial<EngineResult>): Engine & { asked: EngineRequest[] } {
  const asked: EngineRequest[] = [];
  return {
    ...standInEngine,
    name: 'scripted',
    abilities: { ...standInEngine.abilities, languageProbabilities: false },
    asked,
    transcribe: (request) => {
      asked.push(request);
      return Promise.resolve({ segments: [], language: 'en', ...answer(request, asked.length - 1) });
    },
  };
}

function segment(text: string, probability = 0.9, [startMs, endMs] = [0, 15_000]): TranscribedSegment {
  const words = text.split(' ').map((word) => ({ text: word, startMs, endMs, probability }));
  return { startMs, endMs, text, words };
}

/** A detector that finds what it is told. */
function finding(...spans: [number, number][]): SpeechDetector {
  return { name: 'fixed', detect: () => Promise.resolve(spans.map(([startMs, endMs]) => ({ startMs, endMs }))) };
}

describe.each(detectors)('recognize with the %s detector', (_name, createDetector) => {
  it('reads every clip at least as well as whisper-cli does, in the right language', async (ctx) => {
    const deps = { engine: await startableServer(ctx), detector: createDetector(ctx), log: silent };
    for (const clip of await bundledClips()) {
      const recognition = await recognize(await recordingOf(clip.path), deps, options, never);
      const reference = wordErrors(clip.text, await whisperCli(ctx, clip));
      expect(wordErrors(clip.text, textOf(recognition)), clip.file).toBeLessThanOrEqual(reference);
      expect(recognition.language, clip.file).toBe(clip.language);
    }
  }, 240_000);

  it('puts segments where they were said', async (ctx) => {
    const deps = { engine: await startableServer(ctx), detector: createDetector(ctx), log: silent };
    for (const clip of await bundledClips()) {
      const { segments } = await recognize(await recordingOf(clip.path), deps, options, never);
      expect(segments.map(({ text }) => text), clip.file).toEqual(clip.segments.map(({ text }) => text));
      for (const [index, { start, end }] of clip.segments.entries()) {
        expect(Math.abs(segments[index]!.startMs - start * 1000), `${clip.file} start`).toBeLessThan(150);
        expect(Math.abs(segments[index]!.endMs - end * 1000), `${clip.file} end`).toBeLessThan(150);
      }
    }
  }, 240_000);

  it('reads minutes of clips with short and long pauses in windows of 15 s', async (ctx) => {
    const deps = { engine: await startableServer(ctx), detector: createDetector(ctx), log: silent };
    const clips = await bundledClips();
    let words = 0;
    let errors = 0;
    for (const language of ['ru', 'en']) {
      const spoken = clips.filter((clip) => clip.language === language);
      const order = [0, 2, 4].flatMap((n) => [...spoken.slice(n), ...spoken.slice(0, n)]);
      const { pcm, text } = await concatenated(order, [400, 2500, 900, 7000, 1500]);
      const recognition = await recognize(await recordingFrom(pcm), deps, options, never);
      expect(recognition.audioMs).toBeGreaterThan(90_000);
      words += wordsOf(text).length;
      errors += wordErrors(text, textOf(recognition));
      expect(recognition.language).toBe(language);
      expect(recognition.speechMs).toBeLessThan(recognition.audioMs * 0.8);
    }
    // The small model itself mishears about one word in two hundred next to words that it has not heard together.
    expect(errors / words).toBeLessThanOrEqual(0.015);
  }, 240_000);

  it('asks no engine about silence, noise and tones', async (ctx) => {
    const engine = scripted(() => ({ segments: [segment('спасибо')] }));
    for (const graph of ['anullsrc=d=8', 'anoisesrc=d=8:a=0.3', 'sine=f=440:d=8']) {
      const deps = { engine, detector: createDetector(ctx), log: silent };
      const recognition = await recognize(await generated(graph), deps, options, never);
      expect(recognition).toMatchObject({ segments: [], speechMs: 0, engineMs: 0, audioMs: 8000 });
      expect(recognition).not.toHaveProperty('language');
    }
    expect(engine.asked).toEqual([]);
  });
});

describe('recognize', () => {
  it('reports its progress window by window, with everything found so far', async (ctx) => {
    const deps = { engine: await startableServer(ctx), detector: new EnergyDetector(), log: silent };
    const { pcm } = await concatenated((await bundledClips()).filter(({ language }) => language === 'ru'), [3000]);
    const seen: RecognitionProgress[] = [];
    const onProgress = (progress: RecognitionProgress) => seen.push({ ...progress, segments: [...progress.segments] });
    const recognition = await recognize(await recordingFrom(pcm), deps, { ...options, maxWindowMs: 8000, onProgress }, never);
    expect(seen.length).toBeGreaterThan(2);
    const done = seen.map(({ doneMs }) => doneMs);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(seen.map(({ segments }) => segments)).toEqual(seen.map((_, n) => recognition.segments.slice(0, seen[n]!.segments.length)));
    expect(seen.at(-1)!.segments).toEqual(recognition.segments);
    expect(seen.at(-1)!.doneMs).toBeLessThanOrEqual(seen.at(-1)!.totalMs);
  });

  it('passes on the death of the engine, so that the whole recording is tried again', async (ctx) => {
    const server = await startableServer(ctx);
    await server.stop();
    const deps = { engine: server, detector: new EnergyDetector(), log: silent };
    const [clip] = await bundledClips();
    const attempt = recognize(await recordingOf(clip!.path), deps, options, never);
    await expect(attempt).rejects.toBeInstanceOf(RetryableError);
  });

  it('detects the language until it has heard three seconds, then stays with it', async () => {
    const engine = scripted((_, index) => ({ segments: [segment(`words ${index}`)], language: index === 0 ? 'uk' : 'ru' }));
    const recording = await recordingFrom({ samples: pause(60_000) });
    const detector = finding([0, 1000], [10_000, 17_000], [20_000, 27_000], [30_000, 37_000]);
    const recognition = await recognize(recording, { engine, detector, log: silent }, { language: 'auto', maxWindowMs: 9000 }, never);
    expect(engine.asked.map(({ language }) => language)).toEqual(['auto', 'auto', 'ru', 'ru']);
    expect(recognition.language).toBe('ru');
  });

  it('never asks for another language than the one it was told', async () => {
    const engine = scripted(() => ({ segments: [segment('hello there')], language: 'de' }));
    const recording = await recordingFrom({ samples: pause(20_000) });
    const deps = { engine, detector: finding([0, 7000], [9000, 16_000]), log: silent };
    const recognition = await recognize(recording, deps, { language: 'de', maxWindowMs: 9000 }, never);
    expect(engine.asked.map(({ language }) => language)).toEqual(['de', 'de']);
    expect(recognition.language).toBe('de');
  });

  it('hears a doubtful window again with the whole encoder and believes the better text', async () => {
    const loop = 'thank you '.repeat(12).trim();
    const engine = scripted(({ thorough }) => ({ segments: [segment(thorough ? 'what was really said' : loop)] }));
    const deps = { engine, detector: finding([0, 3000]), log: silent };
    const recognition = await recognize(await recordingFrom({ samples: pause(4000) }), deps, options, never);
    expect(engine.asked.map(({ thorough }) => thorough)).toEqual([undefined, true]);
    expect(textOf(recognition)).toBe('what was really said');
  });

  it.each([
    ['a phrase over and over', segment('спасибо за просмотр '.repeat(8).trim())],
    ['words that nobody is sure of', segment('это вообще ничего', 0.1)],
    ['only a note about a sound', segment('[BLANK_AUDIO]')],
    ['only notes about sounds', segment('(music) *sighs* ♪ la la ♪ [door opens]')],
    ['only marks', segment('... - ...')],
  ])('gives no text for %s', async (_what, invented) => {
    const engine = scripted(() => ({ segments: [invented] }));
    const deps = { engine, detector: finding([0, 3000]), log: silent };
    const recognition = await recognize(await recordingFrom({ samples: pause(4000) }), deps, options, never);
    expect(recognition.segments).toEqual([]);
    expect(recognition).not.toHaveProperty('language');
  });

  it.each(['да да да да', 'раз два три четыре пять раз два три четыре пять', 'no no no no no no'])(
    'believes that somebody said "%s"',
    async (text) => {
      const engine = scripted(() => ({ segments: [segment(text)] }));
      const deps = { engine, detector: finding([0, 3000]), log: silent };
      const recognition = await recognize(await recordingFrom({ samples: pause(4000) }), deps, options, never);
      expect(textOf(recognition)).toBe(text);
      expect(engine.asked).toHaveLength(1);
    },
  );

  it('takes notes about sounds out of the text and out of its words', async () => {
    const engine = scripted(() => ({ segments: [segment('so [door slams] we go (laughs out loud) home')] }));
    const deps = { engine, detector: finding([0, 3000]), log: silent };
    const { segments } = await recognize(await recordingFrom({ samples: pause(4000) }), deps, options, never);
    expect(segments.map(({ text }) => text)).toEqual(['so we go home']);
    expect(segments[0]!.words.map(({ text }) => text)).toEqual(['so', 'we', 'go', 'home']);
  });

  it('gives the engine all speech, in order, and nothing twice', async () => {
    const [clip] = await bundledClips();
    const { samples } = await pcmOf(clip!.path);
    const recording = await recordingFrom(joined([samples, pause(20_000), samples]));
    const engine = scripted(() => ({ segments: [segment('words')] }));
    const deps = { engine, detector: new EnergyDetector(), log: silent };
    await recognize(recording, deps, options, never);
    const heardMs = engine.asked.reduce((sum, { pcm }) => sum + pcm.samples.length / 16, 0);
    expect(engine.asked.every(({ pcm }) => pcm.samples.length <= 15_000 * 16)).toBe(true);
    expect(heardMs).toBeLessThan((2 * samples.length) / 16 + 2500);
  });
});
