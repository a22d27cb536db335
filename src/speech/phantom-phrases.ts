import type { SpeechSpan } from './speech-detector.js';
import type { TranscribedSegment } from './transcript.js';

/** What Whisper's models learnt from subtitles, and say where there is nothing to hear. In lower case, without punctuation. */
const PHANTOMS: ReadonlySet<string> = new Set([
  ...['продолжение следует', 'спасибо за просмотр', 'спасибо за внимание', 'спасибо', 'субтитры сделал dimatorzok', 'субтитры создавал dimatorzok'],
  ...['субтитры делал dimatorzok', 'субтитры подогнал симон', 'субтитры добавил dimatorzok', 'dimatorzok', 'подписывайтесь на канал'],
  ...['подписывайтесь на мой канал', 'ставьте лайки и подписывайтесь на канал', 'до новых встреч', 'всем пока', 'до свидания'],
  ...['редактор субтитров асемкин корректор аегорова', 'редактор субтитров а семкин корректор а егорова', 'конец', 'смотрите продолжение в следующей части'],
  ...['спасибо за просмотр подписывайтесь на канал', 'спасибо что смотрели', 'поехали', 'дякую за перегляд', 'дякую за увагу'],
  ...['thank you', 'thank you for watching', 'thanks for watching', 'thank you so much for watching', 'please subscribe', 'bye', 'bye bye', 'you', 'the end'],
  ...['thank you very much', 'see you in the next video', 'like and subscribe', 'subscribe to my channel', 'to be continued', 'subtitles by the amaraorg community'],
  ...['thanks for watching and ill see you next time', 'dont forget to like and subscribe', 'transcription by castingwords', 'i love you', 'so', 'oh'],
]);
/** Below it an engine is guessing. */
const CLEAR_PROBABILITY = 0.6;
/** Of real answers of one word the models say half silence, too; it counts only where the words are not very sure either. */
const SILENCE_PROBABILITY = 0.3;
const SURE_PROBABILITY = 0.8;
/** Who says such a phrase takes about this long for each word of it. */
const SHORTEST_WORD_MS = 90;
const LONGEST_WORD_MS = 2500;
/** Nobody is silenced for laughing after "thank you". */
const LONGEST_PHRASE_MS = 6000;

/**
 * Whether the whole text of a window is a phrase that models are known to invent, and the evidence that somebody said it is
 * weak: improbable words, a probability of silence, or detected speech far too short or too long for it. Said clearly, it stays.
 */
export function isPhantom(segments: readonly TranscribedSegment[], speech: readonly SpeechSpan[]): boolean {
  const words = segments
    .map(({ text }) => text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, ''))
    .join(' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  if (!PHANTOMS.has(words.join(' '))) return false;
  const speechMs = speech.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  if (speechMs < words.length * SHORTEST_WORD_MS || speechMs > Math.max(LONGEST_PHRASE_MS, words.length * LONGEST_WORD_MS)) return true;
  const probabilities = segments.flatMap((segment) => segment.words.flatMap((word) => word.probability ?? []));
  if (probabilities.some((probability) => probability < CLEAR_PROBABILITY / 2)) return true;
  const mean = probabilities.reduce((sum, value) => sum + value, 0) / probabilities.length;
  const mayBeSilence = segments.some(({ noSpeechProbability = 0 }) => noSpeechProbability > SILENCE_PROBABILITY);
  return probabilities.length === 0 ? mayBeSilence : mean < (mayBeSilence ? SURE_PROBABILITY : CLEAR_PROBABILITY);
}
