import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it, type TestContext } from 'vitest';
import { PermanentError, RetryableError, SetupError } from '../../src/errors.js';
import { msToSamples, pcmDurationMs, type Pcm } from '../../src/media/pcm.js';
import type { Engine, EngineRequest } from '../../src/speech/engine.js';
import { bundledClips, type Clip } from '../support/workspace.js';
import { pcmOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;

/** An engine under test, and what only those who know it can do to it. */
export interface EngineUnderTest {
  engine: Engine;
  /** To be called before a request: resolves when the engine works on it, and holds it there until it is killed. */
  hold: () => Promise<void>;
  /** Ends what does the work, in the middle of the request that is held. */
  kill: () => void;
}

export interface EngineMaker {
  /** An engine that hears with the bundled model, stopped when the test is over; skips the test where it cannot be had. */
  create: (ctx: TestContext) => Promise<EngineUnderTest>;
  /** One whose model, package or address is wrong. */
  createBroken: (ctx: TestContext) => Promise<Engine>;
  /** How many clips are heard where one is not enough, and the lengths of silence in samples: less for an engine that is slow. */
  clips: number;
  lengths: readonly number[];
}

const request = (pcm: Pcm, language: string): EngineRequest => ({ pcm, language });
const silence = (samples: number): Pcm => ({ samples: new Int16Array(samples) });
const noise = (ms: number): Pcm => ({ samples: Int16Array.from({ length: msToSamples(ms) }, (_, n) => ((n * 7919 + (n % 101) * 613) % 8192) - 4096) });

async function expectRightText(engine: Engine, clip: Clip): Promise<void> {
  const { segments } = await engine.transcribe(request(await pcmOf(clip.path), clip.language), never);
  expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
}

/** What every `Engine` holds to, whoever does the work behind it. */
export function describeEngine(name: string, { create, createBroken, clips: clipCount, lengths }: EngineMaker): void {
  const someClips = async (): Promise<Clip[]> => (await bundledClips()).slice(1, 1 + clipCount);

  describe(`${name} as an engine`, () => {
    it('gives the text of a sound in its language, with times inside the sound and in order', async (ctx) => {
      const { engine } = await create(ctx);
      for (const clip of await someClips()) {
        const pcm = await pcmOf(clip.path);
        const { segments, language } = await engine.transcribe(request(pcm, clip.language), never);
        expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
        expect(language).toBe(clip.language);
        const times = segments.flatMap(({ startMs, endMs }) => [startMs, endMs]);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...times)).toBeLessThanOrEqual(pcmDurationMs(pcm));
      }
    });

    it('gives what it says that it can give, words whole and inside their segment, and nothing else', async (ctx) => {
      const { engine } = await create(ctx);
      const [clip] = await someClips();
      const { segments } = await engine.transcribe(request(await pcmOf(clip!.path), clip!.language), never);
      const { wordTimes, probabilities } = engine.abilities;
      for (const { text, words, avgLogProbability, startMs, endMs } of segments) {
        expect(words.map((word) => word.text).join(' ')).toBe(wordTimes ? text : '');
        expect(typeof avgLogProbability).toBe(probabilities ? 'number' : 'undefined');
        for (const word of words) {
          if (probabilities) expect(word.probability).toBeGreaterThan(0);
          expect(word.probability ?? 0).toBeLessThanOrEqual(1);
          expect(word.startMs).toBeGreaterThanOrEqual(startMs);
          expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
          expect(word.endMs).toBeLessThanOrEqual(endMs);
        }
      }
    });

    it('finds out the language when asked to, or says that it does not tell', async (ctx) => {
      const { engine } = await create(ctx);
      for (const clip of await someClips()) {
        const { segments, language } = await engine.transcribe(request(await pcmOf(clip.path), 'auto'), never);
        expect(segments, clip.file).not.toEqual([]);
        expect(language, clip.file).toBe(engine.abilities.languageDetection ? clip.language : 'auto');
      }
    });

    it('answers callers that come at the same time each with their own text', async (ctx) => {
      const { engine } = await create(ctx);
      await Promise.all((await someClips()).map((clip) => expectRightText(engine, clip)));
    });

    it('takes sounds of any length up to a window, even none at all', async (ctx) => {
      const { engine } = await create(ctx);
      for (const samples of lengths) {
        const { segments } = await engine.transcribe(request(silence(samples), 'en'), never);
        for (const { startMs, endMs } of segments) {
          expect(startMs).toBeLessThanOrEqual(endMs);
          expect(endMs).toBeLessThanOrEqual(Math.ceil(samples / 16));
        }
      }
    });

    it('refuses a language that it does not have', async (ctx) => {
      const { engine } = await create(ctx);
      for (const language of ['xx', 'toString', '', '--help', 'en; id']) {
        await expect(engine.transcribe(request(silence(16_000), language), never), language).rejects.toBeInstanceOf(PermanentError);
      }
    });

    it('lets an abort end the work that is under way, and does the next request', async (ctx) => {
      const { engine, hold } = await create(ctx);
      const abort = new AbortController();
      const held = hold();
      const running = engine.transcribe({ ...request(noise(30_000), 'en'), thorough: true }, abort.signal);
      const outcome = expect(running).rejects.toThrow('deleted meanwhile');
      await held;
      abort.abort(new Error('deleted meanwhile'));
      await outcome;
      await expectRightText(engine, (await someClips())[0]!);
    });

    it('rejects with the reason when aborted before its turn, and the others do not notice', async (ctx) => {
      const { engine } = await create(ctx);
      const [clip] = await someClips();
      const abort = new AbortController();
      const asked = request(await pcmOf(clip!.path), clip!.language);
      const running = engine.transcribe(asked, never);
      const waiting = engine.transcribe(asked, abort.signal);
      abort.abort(new Error('not wanted any more'));
      await expect(waiting).rejects.toThrow('not wanted any more');
      expect((await running).segments).not.toEqual([]);
      await expect(engine.transcribe(asked, abort.signal)).rejects.toThrow('not wanted any more');
    });

    it('costs the running request one retry when what does the work is killed, and the next one works', async (ctx) => {
      const { engine, hold, kill } = await create(ctx);
      const held = hold();
      const running = engine.transcribe({ ...request(noise(30_000), 'en'), thorough: true }, never);
      const outcome = expect(running).rejects.toBeInstanceOf(RetryableError);
      await held;
      kill();
      await outcome;
      await expectRightText(engine, (await someClips())[0]!);
    });

    it('says that something has to be done where it cannot work at all, and knows of its trouble then', async (ctx) => {
      const engine = await createBroken(ctx);
      await expect(engine.transcribe(request(silence(16_000), 'en'), never)).rejects.toBeInstanceOf(SetupError);
      expect(await engine.trouble()).toEqual(expect.any(String));
    });

    it('has no trouble where nothing is wrong', async (ctx) => {
      const { engine } = await create(ctx);
      expect(await engine.trouble()).toBeUndefined();
    });

    it('keeps its model when told to use one that is not there', async (ctx) => {
      const { engine } = await create(ctx);
      const before = engine.model;
      await expect(engine.useModel('no-such-model', never)).rejects.toBeInstanceOf(SetupError);
      await expect(engine.useModel('../../etc/passwd', never)).rejects.toThrow();
      expect(engine.model).toBe(before);
    });

    it('never holds up the event loop while it works', async (ctx) => {
      const { engine } = await create(ctx);
      const delays = monitorEventLoopDelay({ resolution: 10 });
      delays.enable();
      await engine.transcribe({ ...request(silence(msToSamples(10_000)), 'en'), thorough: true }, never);
      delays.disable();
      // GramJS gives a connection up after 3 s of that; a program that is waited for would take all of the request.
      expect(delays.max / 1e6).toBeLessThan(1500);
    });

    it('stops once and for all in the middle of everything, however often it is told to', async (ctx) => {
      const { engine, hold } = await create(ctx);
      const held = hold();
      const requests = [1, 2, 3].map(() => engine.transcribe({ ...request(noise(30_000), 'en'), thorough: true }, never));
      const outcomes = Promise.allSettled(requests);
      await held;
      await Promise.all([engine.stop(), engine.stop()]);
      for (const outcome of await outcomes) {
        expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(RetryableError);
      }
      await engine.stop();
      await expect(engine.transcribe(request(silence(16_000), 'en'), never)).rejects.toBeInstanceOf(RetryableError);
    });
  });
}
