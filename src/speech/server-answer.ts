import { z } from 'zod';
import { PermanentError } from '../errors.js';
import type { EngineResult } from './engine.js';
import { languageCode } from './languages.js';
import type { TranscribedSegment, TranscribedWord } from './transcript.js';

const token = z.object({
  word: z.string(),
  start: z.number(),
  end: z.number(),
  probability: z.number().nullable(),
});
const segment = z.object({
  text: z.string(),
  start: z.number(),
  end: z.number(),
  words: z.array(token).nullish(),
  // JSON has no NaN, which is what the mean of no tokens is.
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
});
const answer = z.object({
  language: z.string(),
  language_probabilities: z.record(z.string(), z.number()).optional(),
  segments: z.array(segment),
});

/** Scripts that are written without spaces: there a token is a word. */
const UNSPACED = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Reads the `verbose_json` of whisper-server (examples/server/server.cpp), whose "words" are tokens, pieces of words, and
 * whose language is an English name. Times are cut to the sound's length. `PermanentError('engine')` where it is not that.
 */
export function parseServerAnswer(json: string, durationMs: number): EngineResult {
  const parsed = answer.safeParse(asJson(json));
  if (!parsed.success) {
    throw new PermanentError('engine', 'the answer of the engine is not what it should be', { cause: parsed.error });
  }
  const toMs = (seconds: number) => Math.round(Math.min(Math.max(seconds * 1000, 0), durationMs));
  const segments = parsed.data.segments.map((given): TranscribedSegment => {
    const startMs = toMs(given.start);
    return {
      startMs,
      endMs: Math.max(startMs, toMs(given.end)),
      text: given.text.trim(),
      words: joinTokens(given.words ?? [], toMs),
      ...(typeof given.avg_logprob === 'number' && { avgLogProbability: given.avg_logprob }),
      ...(typeof given.no_speech_prob === 'number' && { noSpeechProbability: given.no_speech_prob }),
    };
  });
  const { language, language_probabilities: languageProbabilities } = parsed.data;
  return {
    segments: segments.filter(({ text }) => text !== ''),
    language: languageCode(language) ?? language,
    ...(languageProbabilities !== undefined && { languageProbabilities }),
  };
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PermanentError('engine', 'the answer of the engine is not JSON', { cause: error });
  }
}

/** Tokens to words: a new word begins with a space. Its probability is the mean of its tokens'. */
function joinTokens(tokens: readonly z.infer<typeof token>[], toMs: (seconds: number) => number): TranscribedWord[] {
  const groups: z.infer<typeof token>[][] = [];
  for (const piece of tokens) {
    const last = groups.at(-1);
    if (last === undefined || piece.word.startsWith(' ') || UNSPACED.test(piece.word)) groups.push([piece]);
    else last.push(piece);
  }
  return groups
    .map((group) => {
      const startMs = toMs(Math.min(...group.map((piece) => piece.start)));
      return {
        text: group.map((piece) => piece.word).join('').trim(),
        startMs,
        endMs: Math.max(startMs, toMs(Math.max(...group.map((piece) => piece.end)))),
        probability: group.reduce((sum, piece) => sum + (piece.probability ?? 0), 0) / group.length,
      };
    })
    .filter(({ text }) => text !== '');
}
