import { distance } from 'fastest-levenshtein';
import type { TranscribedSegment } from '../transcript.js';
import type { Vocabulary } from './vocabulary.js';

/** So many words of the vocabulary one after the other, as they stand there, are not often what somebody says. */
const RUN_OF_WORDS = 3;
const UNSURE_PROBABILITY = 0.5;
const LIKELY_SILENCE = 0.6;
/** Two hearings of one sound that are less alike than this are not of the same words. */
const ALIKE_SHARE = 0.5;
/** What is `kubectl` with the prompt may be `кубектл` without. */
const LATIN: ReadonlyMap<string, string> = new Map(
  'а-a б-b в-v г-g ґ-g д-d е-e ё-e є-e ж-zh з-z и-i і-i ї-i й-i к-k л-l м-m н-n о-o п-p р-r с-s т-t у-u ў-u ф-f х-h ц-ts ч-ch ш-sh щ-sh ъ- ы-y ь- э-e ю-yu я-ya'
    .split(' ')
    .map((pair) => [pair.charAt(0), pair.slice(2)]),
);

/**
 * Whether a text that was heard with the vocabulary as prompt may be the prompt, said again by the model rather than by a
 * person: a run of its words in its order; or nothing but words of it, where the model is unsure, or takes the sound for
 * silence. People do say such things, so this is a reason to hear again without the prompt, not to drop it. Pure.
 */
export function mayRepeatVocabulary(segments: readonly TranscribedSegment[], vocabulary: Vocabulary): boolean {
  const said = segments.flatMap(({ text }) => wordsOf(text));
  const prompt = vocabulary.flatMap(wordsOf);
  if (said.length === 0 || prompt.length === 0) return false;
  if (longestRun(said, prompt) >= Math.min(RUN_OF_WORDS, Math.max(2, prompt.length))) return true;
  const known = new Set(prompt);
  return said.every((word) => known.has(word)) && hasLittleEvidence(segments);
}

/** Whether two hearings of one sound, with and without the prompt, are of the same words, if not of the same spelling. Pure. */
export function saySimilarThings(one: readonly TranscribedSegment[], other: readonly TranscribedSegment[]): boolean {
  const [first = '', second = ''] = [one, other].map(soundOf);
  if (second === '') return false;
  return 1 - distance(first, second) / Math.max(first.length, second.length) >= ALIKE_SHARE;
}

/** Its letters, as near to each other in both scripts as a table makes them. */
function soundOf(segments: readonly TranscribedSegment[]): string {
  const words = segments.flatMap(({ text }) => wordsOf(text)).join(' ');
  return Array.from(words, (letter) => LATIN.get(letter) ?? letter).join('');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

/** The most words of `said` in a row that stand in `prompt` in a row. */
function longestRun(said: readonly string[], prompt: readonly string[]): number {
  let longest = 0;
  let endingBefore = prompt.map(() => 0);
  for (const word of said) {
    const ending = prompt.map((other, at) => (other === word ? (endingBefore[at - 1] ?? 0) + 1 : 0));
    longest = Math.max(longest, ...ending);
    endingBefore = ending;
  }
  return longest;
}

function hasLittleEvidence(segments: readonly TranscribedSegment[]): boolean {
  const probabilities = segments.flatMap(({ words }) => words.flatMap(({ probability }) => probability ?? []));
  const mean = probabilities.reduce((sum, probability) => sum + probability, 0) / probabilities.length;
  return mean < UNSURE_PROBABILITY || segments.some(({ noSpeechProbability = 0 }) => noSpeechProbability > LIKELY_SILENCE);
}
