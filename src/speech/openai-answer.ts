import { z } from 'zod';
import type { EngineResult } from './engine.js';
import { isLanguageChoice, languageCode } from './languages.js';
import type { TranscribedSegment, TranscribedWord } from './transcript.js';

/** OpenAI's words are bare (`word`, `start`, `end`); servers of others give pieces of words, and probabilities. */
const piece = z.object({ word: z.string(), start: z.number(), end: z.number(), probability: z.number().nullish() });
const segment = z.object({
  text: z.string(),
  start: z.number(),
  end: z.number(),
  words: z.array(piece).nullish(),
  avg_logprob: z.number().nullish(),
  no_speech_prob: z.number().nullish(),
});
/** What `json` and `verbose_json` have in common is the text alone. */
const answer = z.object({
  text: z.string(),
  language: z.string().nullish(),
  segments: z.array(segment).nullish(),
  words: z.array(piece).nullish(),
});

export type OpenAiAnswer = z.infer<typeof answer>;
type Piece = z.infer<typeof piece>;

/** The answer of a transcription server to `json` or `verbose_json`; undefined where it is neither. */
export function parseOpenAiAnswer(body: string): OpenAiAnswer | undefined {
  try {
    return answer.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The answer as the engine's result: times cut to the sound, words with the punctuation that the text has. Text without
 * segments is one segment as long as the sound.
 */
export function openAiResult(given: OpenAiAnswer, asked: { language: string; durationMs: number }): EngineResult {
  const { language, durationMs } = asked;
  const toMs = (seconds: number): number => Math.round(Math.min(Math.max(seconds * 1000, 0), durationMs));
  const whole = [{ text: given.text, start: 0, end: durationMs / 1000 }];
  let afterMs = 0;
  const segments = (given.segments ?? whole).map((each: z.infer<typeof segment>): TranscribedSegment => {
    const startMs = Math.max(afterMs, toMs(each.start));
    afterMs = Math.max(startMs, toMs(each.end));
    return {
      startMs,
      endMs: afterMs,
      text: each.text.replace(/\s+/gu, ' ').trim(),
      words: [],
      ...(typeof each.avg_logprob === 'number' && { avgLogProbability: each.avg_logprob }),
      ...(typeof each.no_speech_prob === 'number' && { noSpeechProbability: each.no_speech_prob }),
    };
  });
  const spoken = segments.filter(({ text }) => text !== '');
  const pieces = given.words ?? (given.segments ?? []).flatMap(({ words }) => words ?? []);
  return { segments: withWords(spoken, pieces, toMs), language: languageOf(given.language) ?? language };
}

/** OpenAI answers with an English name, others with a code. */
function languageOf(told: string | null | undefined): string | undefined {
  const name = told?.toLowerCase() ?? '';
  return languageCode(name) ?? (name !== 'auto' && isLanguageChoice(name) ? name : undefined);
}

/**
 * Gives the words of the texts the times of the pieces. Both are read as one row of letters, so it does not matter where a server
 * cuts words, or whether it leaves out their punctuation. Where the letters differ, nobody knows which piece is which word:
 * then there are no words.
 */
function withWords(
  segments: readonly TranscribedSegment[],
  pieces: readonly Piece[],
  toMs: (seconds: number) => number,
): TranscribedSegment[] {
  const byLetter = pieces.flatMap((each) => Array.from(lettersOf(each.word), () => each));
  if (byLetter.length === 0 || lettersOf(segments.map(({ text }) => text).join('')) !== lettersOf(pieces.map(({ word }) => word).join(''))) {
    return [...segments];
  }
  let at = 0;
  return segments.map((each) => {
    let afterMs = each.startMs;
    const words = each.text.split(' ').map((text): TranscribedWord => {
      const count = Array.from(lettersOf(text)).length;
      const own = [...new Set(byLetter.slice(at, at + count))];
      at += count;
      const startMs = clamp(own[0] === undefined ? afterMs : toMs(own[0].start), afterMs, each.endMs);
      afterMs = clamp(own.length === 0 ? startMs : toMs(own.at(-1)?.end ?? 0), startMs, each.endMs);
      return { text, startMs, endMs: afterMs, ...probabilityOf(own) };
    });
    return { ...each, words };
  });
}

function probabilityOf(pieces: readonly Piece[]): { probability?: number } {
  const told = pieces.flatMap(({ probability }) => probability ?? []);
  return told.length === 0 ? {} : { probability: told.reduce((sum, each) => sum + each, 0) / told.length };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]/gu, '');
}
