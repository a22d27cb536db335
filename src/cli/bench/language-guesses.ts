import { SAMPLE_RATE_HZ, type Pcm } from '../../media/pcm.js';
import type { Engine } from '../../speech/engine.js';
import type { LanguageExpectation } from '../../speech/language/language-prior.js';
import { Listener } from '../../speech/listener.js';
import { seededRandom } from './quality/seeded-random.js';

/** Speech of which language and times are known. */
export interface KnownSpeech {
  pcm: Pcm;
  language: string;
  segments: readonly { startMs: number; endMs: number }[];
}

export interface LanguageGuesses {
  pieces: number;
  /** Pieces whose language was guessed wrong. */
  wrong: number;
  /** How often the engine encoded a piece. */
  passes: number;
}

/** How a language is found: what `auto` of the engine says, or what the listener makes of what it expects of who speaks `language`. */
export type WayOfGuessing = 'engine' | ((language: string) => LanguageExpectation);

const PIECE_MS = 1000;
const STEP_MS = 500;
const LEAST_SPEECH_MS = 600;

/** Notes of one second: pieces of speech, half a second apart, with white noise of this share of their own loudness. The same pieces each time. */
export function shortNotes(speeches: readonly KnownSpeech[], noise: number): { pcm: Pcm; language: string }[] {
  const random = seededRandom(1);
  return speeches.flatMap(({ pcm, language, segments }) =>
    segments.flatMap(({ startMs, endMs }) => {
      const count = Math.max(0, Math.ceil((endMs - startMs - LEAST_SPEECH_MS) / STEP_MS));
      return Array.from({ length: count }, (_, index) => {
        const from = Math.round(((startMs + index * STEP_MS) * SAMPLE_RATE_HZ) / 1000);
        const samples = pcm.samples.slice(from, from + (PIECE_MS * SAMPLE_RATE_HZ) / 1000);
        return { pcm: { samples: noisy(samples, noise, random) }, language };
      });
    }),
  );
}

/** Has every piece heard, and counts the languages that were guessed wrong and what that cost. */
export async function languageGuesses(
  notes: readonly { pcm: Pcm; language: string }[],
  way: WayOfGuessing,
  engine: Engine,
  signal: AbortSignal,
): Promise<LanguageGuesses> {
  const guesses = { pieces: 0, wrong: 0, passes: 0 };
  const counting = new Proxy(engine, {
    get: (target, name) =>
      name === 'transcribe'
        ? (...[request, stop]: Parameters<Engine['transcribe']>) => {
            guesses.passes += 1 + Number(request.language === 'auto') + Number(request.languageProbabilities === true);
            return target.transcribe(request, stop);
          }
        : (Reflect.get(target, name, target) as unknown),
  });
  for (const { pcm, language } of notes) {
    const heard =
      way === 'engine'
        ? await counting.transcribe({ pcm, language: 'auto' }, signal)
        : await new Listener(counting, { language: [], expectation: way(language) }).hear({ pcm }, signal);
    guesses.pieces += 1;
    if (heard.language !== language) guesses.wrong += 1;
  }
  return guesses;
}

function noisy(samples: Int16Array, share: number, random: () => number): Int16Array {
  const loudness = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
  // The sum of twelve even numbers is as good as normal.
  const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
  return samples.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample + share * loudness * normal()))));
}
