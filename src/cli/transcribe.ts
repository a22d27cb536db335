import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, errorText, PermanentError, RetryableError, SetupError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { decodeAudio, type DecodeOptions } from '../media/decode-audio.js';
import type { PunctuatedText } from '../punctuation/punctuate.js';
import { markUnsureWords } from '../punctuation/mark-unsure-words.js';
import { toSrt, toVtt, toWordLines, toWordSrt } from '../punctuation/subtitles.js';
import type { TimedText } from '../punctuation/timed-text.js';
import { withWords } from '../punctuation/timed-words.js';
import type { Engine } from '../speech/engine.js';
import { parseLanguageChoice } from '../speech/language/language-choice.js';
import { recognize } from '../speech/recognize.js';
import type { SpeechDetector } from '../speech/speech-detector.js';
import type { Recognition } from '../speech/transcript.js';
import type { Vocabulary } from '../speech/vocabulary/vocabulary.js';
import { EXIT_FAILURE } from './exit-status.js';

export interface TranscribeArguments {
  files: readonly string[];
  format: 'text' | 'json' | 'srt' | 'vtt';
  /** Subtitles by words, or the text as a list of words with their times; JSON has them anyway. */
  words?: boolean;
  /** A code of Whisper's, several with commas between them, or `auto`. */
  language: string;
  /** Names and jargon that may be spoken. */
  vocabulary?: Vocabulary;
  /** Name of a model to use instead of the engine's. */
  model?: string;
}

/** Where text goes; `process.stdout` and `process.stderr` fit. */
export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
}

export interface TranscribeDependencies {
  engine: Engine;
  detector: SpeechDetector;
  punctuate: (segments: readonly TimedText[], language: string | undefined) => PunctuatedText;
  limits: DecodeOptions;
  /** See `RecognizeOptions`. */
  maxWindowMs: number;
  /** Words of the text that are less likely than this are marked; 0: none are. */
  markUnsure?: number;
  /** What speaks for a language before anything is heard. */
  ownerLanguage?: string;
  /** Folder for decoded sound; made if need be, and empty again afterwards. */
  workspace: string;
  stdout: Output;
  stderr: Output;
  texts: Texts['transcribe'];
  /** Must not write to stdout, which belongs to the text. */
  log: Logger;
}

/** A crash of the engine costs a file one more try, as it costs a voice in the daemon. */
const ATTEMPTS = 2;

/**
 * Writes down local files one after the other: what was said to stdout, how far it is and what is wrong to stderr. Resolves
 * with the exit status: 1 if any file failed, the others being done all the same. Rejects with `SetupError` where nothing
 * can work (no ffmpeg, no model), and with the signal's reason when aborted. The engine stays the caller's to stop.
 */
export async function transcribeFiles(
  args: TranscribeArguments,
  deps: TranscribeDependencies,
  signal: AbortSignal,
): Promise<number> {
  const mistake = mistakeIn(args, deps.texts);
  if (mistake !== undefined) {
    deps.stderr.write(`${mistake}\n`);
    return EXIT_FAILURE;
  }
  if (args.model !== undefined) await deps.engine.useModel(args.model, signal);
  await mkdir(deps.workspace, { recursive: true });
  const folder = await mkdtemp(join(deps.workspace, 'transcribe-'));
  let status = 0;
  try {
    for (const [index, file] of args.files.entries()) {
      const line = progressLine(deps, file, { number: index + 1, of: args.files.length });
      try {
        const recognition = await withRetry(() => recognizeFile(file, folder, { args, deps, onPercent: line.show }, signal));
        line.clear();
        writeResult(file, recognition, args, deps);
      } catch (error) {
        line.clear();
        signal.throwIfAborted();
        if (error instanceof SetupError) throw error;
        status = EXIT_FAILURE;
        deps.stderr.write(`${deps.texts.problem(file, describe(error, deps.texts))}\n`);
        deps.log.debug({ err: error }, 'a file failed');
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return status;
}

function mistakeIn(args: TranscribeArguments, texts: Texts['transcribe']): string | undefined {
  if (args.files.length === 0) return texts.noFiles;
  if (parseLanguageChoice(args.language) === undefined) return texts.unknownLanguage(args.language);
  const subtitles = args.format === 'srt' || args.format === 'vtt';
  return subtitles && args.files.length > 1 ? texts.oneFileForSubtitles : undefined;
}

async function recognizeFile(
  file: string,
  folder: string,
  job: { args: TranscribeArguments; deps: TranscribeDependencies; onPercent: (percent: number) => void },
  signal: AbortSignal,
): Promise<Recognition> {
  const { args, deps, onPercent } = job;
  const recording = await decodeAudio(file, join(folder, 'sound.pcm'), deps.limits, signal);
  return recognize(
    recording,
    deps,
    {
      language: args.language,
      vocabulary: args.vocabulary,
      ...(deps.ownerLanguage !== undefined && { expectation: { ownerLanguage: deps.ownerLanguage } }),
      maxWindowMs: deps.maxWindowMs,
      onProgress: ({ doneMs, totalMs }) => onPercent(Math.floor((100 * doneMs) / totalMs)),
    },
    signal,
  );
}

async function withRetry<T>(task: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof RetryableError) || attempt === ATTEMPTS) throw error;
    }
  }
}

function writeResult(
  file: string,
  recognition: Recognition,
  { format, words = false }: TranscribeArguments,
  { punctuate, markUnsure = 0, stdout, stderr, texts }: TranscribeDependencies,
): void {
  const { text, segments } = punctuate(recognition.segments, recognition.language);
  const spoken = recognition.segments.flatMap((segment) => segment.words);
  const worded = withWords(segments, spoken);
  if (format === 'json') {
    const { language, model, engine, audioMs, speechMs, engineMs } = recognition;
    const timed = worded.map((segment) => ({ ...segment, words: segment.words.map(({ at: _at, ...word }) => word) }));
    stdout.write(`${JSON.stringify({ file, text, language, segments: timed, model, engine, audioMs, speechMs, engineMs })}\n`);
    return;
  }
  if (segments.length === 0) stderr.write(`${texts.noSpeech(file)}\n`);
  if (format === 'srt') stdout.write(words ? toWordSrt(worded) : toSrt(segments));
  else if (format === 'vtt') stdout.write(toVtt(words ? worded : segments));
  else if (words) stdout.write(toWordLines(worded));
  else if (segments.length > 0) stdout.write(`${markUnsureWords(text, spoken, markUnsure)}\n`);
}

/** On a terminal one line that changes in place and goes away; elsewhere a line a file, and only where there are several. */
function progressLine(
  { stderr, texts }: TranscribeDependencies,
  file: string,
  at: { number: number; of: number },
): { show: (percent: number) => void; clear: () => void } {
  const name = texts.progress(file, at);
  if (stderr.isTTY !== true) {
    if (at.of > 1) stderr.write(`${name}\n`);
    return { show: () => undefined, clear: () => undefined };
  }
  const show = (percent: number) => stderr.write(`\r\u001b[K${name} ${texts.percent(percent)}`);
  show(0);
  return { show, clear: () => stderr.write('\r\u001b[K') };
}

/** What is wrong, for a person; the technical cause follows where it tells more than the reason does. */
function describe(error: unknown, texts: Texts['transcribe']): string {
  const what = error instanceof PermanentError ? texts.problems[error.reason] : texts.problems.engine;
  if (error instanceof AppError) return `${what} (${errorText(error)})`;
  return `${texts.problems.internal} (${errorText(error)})`;
}
