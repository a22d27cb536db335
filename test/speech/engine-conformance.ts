import { describe, expect, it, type TestContext } from 'vitest';
import { PermanentError, RetryableError, SetupError } from '../../src/errors.js';
import { pcmDurationMs } from '../../src/media/pcm.js';
import type { Engine } from '../../src/speech/engine.js';
import { bundledClips } from '../support/workspace.js';
import { pcmOf, wordsOf } from './sounds.js';

const never = new AbortController().signal;

/**
 * What every `Engine` holds to. `create` makes one with the bundled model, stopped when the test is over, or skips the test.
 */
export function describeEngine(name: string, create: (ctx: TestContext) => Promise<Engine>): void {
  describe(`${name} as an engine`, () => {
    it('gives the text of a sound in its language, with times inside the sound and in order', async (ctx) => {
      const engine = await create(ctx);
      for (const clip of (await bundledClips()).slice(2, 6)) {
        const pcm = await pcmOf(clip.path);
        const { segments, language } = await engine.transcribe({ pcm, language: clip.language }, never);
        expect(wordsOf(segments.map(({ text }) => text).join(' '))).toEqual(wordsOf(clip.text));
        expect(language).toBe(clip.language);
        const times = segments.flatMap(({ startMs, endMs }) => [startMs, endMs]);
        expect(times).toEqual([...times].sort((a, b) => a - b));
        expect(Math.min(...times)).toBeGreaterThanOrEqual(0);
        expect(Math.max(...times)).toBeLessThanOrEqual(pcmDurationMs(pcm));
      }
    });

    it('gives the words of each segment whole, with probabilities and times inside the segment', async (ctx) => {
      const engine = await create(ctx);
      const [clip] = await bundledClips();
      const { segments } = await engine.transcribe({ pcm: await pcmOf(clip!.path), language: 'ru' }, never);
      for (const segment of segments) {
        expect(segment.words.map(({ text }) => text).join(' ')).toBe(segment.text);
        for (const word of segment.words) {
          expect(word.probability).toBeGreaterThan(0);
          expect(word.probability).toBeLessThanOrEqual(1);
          expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
        }
      }
    });

    it('finds out the language when asked to', async (ctx) => {
      const engine = await create(ctx);
      for (const clip of (await bundledClips()).slice(0, 4)) {
        const { language } = await engine.transcribe({ pcm: await pcmOf(clip.path), language: 'auto' }, never);
        expect(language, clip.file).toBe(clip.language);
      }
    });

    it('answers callers that come at the same time each with their own text', async (ctx) => {
      const engine = await create(ctx);
      const clips = (await bundledClips()).slice(0, 6);
      const texts = await Promise.all(
        clips.map(async (clip) => {
          const answer = await engine.transcribe({ pcm: await pcmOf(clip.path), language: clip.language }, never);
          return wordsOf(answer.segments.map(({ text }) => text).join(' '));
        }),
      );
      expect(texts).toEqual(clips.map(({ text }) => wordsOf(text)));
    });

    it('takes sounds of any length up to a window, even none at all', async (ctx) => {
      const engine = await create(ctx);
      for (const length of [0, 1, 1600, 16_000, 480_000]) {
        const { segments } = await engine.transcribe({ pcm: { samples: new Int16Array(length) }, language: 'en' }, never);
        for (const { endMs } of segments) expect(endMs).toBeLessThanOrEqual(length / 16);
      }
    });

    it('refuses a language that it does not have', async (ctx) => {
      const engine = await create(ctx);
      for (const language of ['xx', 'toString', '', '--help']) {
        const attempt = engine.transcribe({ pcm: { samples: new Int16Array(16_000) }, language }, never);
        await expect(attempt, language).rejects.toBeInstanceOf(PermanentError);
      }
    });

    it('rejects with the reason when aborted before its turn, and the others do not notice', async (ctx) => {
      const engine = await create(ctx);
      const [clip] = await bundledClips();
      const pcm = await pcmOf(clip!.path);
      const abort = new AbortController();
      const running = engine.transcribe({ pcm, language: 'ru' }, never);
      const waiting = engine.transcribe({ pcm, language: 'ru' }, abort.signal);
      const behind = engine.transcribe({ pcm, language: 'ru' }, never);
      abort.abort(new Error('not wanted any more'));
      await expect(waiting).rejects.toThrow('not wanted any more');
      const answers = await Promise.all([running, behind]);
      expect(answers.map(({ segments }) => segments.length > 0)).toEqual([true, true]);
      await expect(engine.transcribe({ pcm, language: 'ru' }, abort.signal)).rejects.toThrow('not wanted any more');
    });

    it('keeps its model when told to use one that is not there', async (ctx) => {
      const engine = await create(ctx);
      const before = engine.model;
      await expect(engine.useModel('no-such-model', never)).rejects.toBeInstanceOf(SetupError);
      await expect(engine.useModel('../../etc/passwd', never)).rejects.toThrow('is not the name of a model');
      expect(engine.model).toBe(before);
    });

    it('stops once and for all, however often it is told to', async (ctx) => {
      const engine = await create(ctx);
      const pcm = { samples: new Int16Array(16_000) };
      await engine.transcribe({ pcm, language: 'en' }, never);
      await Promise.all([engine.stop(), engine.stop()]);
      await engine.stop();
      await expect(engine.transcribe({ pcm, language: 'en' }, never)).rejects.toBeInstanceOf(RetryableError);
    });

    it('lets a stop in the middle of everything end running and waiting requests', async (ctx) => {
      const engine = await create(ctx);
      const pcm = { samples: new Int16Array(480_000) };
      const requests = [1, 2, 3].map(() => engine.transcribe({ pcm, language: 'en' }, never));
      const outcomes = Promise.allSettled(requests);
      await engine.stop();
      for (const outcome of await outcomes) {
        expect(outcome.status).toBe('rejected');
        expect(outcome.status === 'rejected' && outcome.reason).toBeInstanceOf(RetryableError);
      }
    });
  });
}
