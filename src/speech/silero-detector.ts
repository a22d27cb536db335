import { text } from 'node:stream/consumers';
import { RetryableError } from '../errors.js';
import { pcmFileDurationMs, readWindow, type PcmFile } from '../media/pcm-file.js';
import { ProgramError, runProgram } from '../media/run-program.js';
import { encodeWav } from '../media/wav.js';
import { keepsOneBalance } from './sounds-like-voice.js';
import type { SpeechDetector, SpeechSpan } from './speech-detector.js';

export interface SileroDetectorOptions {
  /** The program `whisper-vad-speech-segments`. */
  vadPath: string;
  /** The Silero model in ggml's format. */
  vadModelPath: string;
  /** How many parts of a recording are heard beside each other; the network itself gains nothing from a second thread. */
  threads: number;
}

/** The program holds a whole sound in memory, so it gets a long recording in parts. */
const MOST_PART_MS = 300_000;
/** Of all that are heard beside each other: each is in memory, here and in its program. */
const MOST_AT_ONCE_MS = 4 * MOST_PART_MS;
/** A shorter part costs more to begin than it saves. */
const LEAST_PART_MS = 30_000;
/** Heard before a part and not counted: the network has to hear itself into a voice that goes on. */
const LEAD_IN_MS = 1000;
/** Shorter than the program's own 250 ms: a short "да" is an answer too. */
const SHORTEST_SPEECH_MS = 100;
const TIMEOUT_MS = 120_000;
/** A chord or a trembling tone may pass for a word or two, not for minutes of speech. */
const DOUBTED_MS = 10_000;

/** The Silero voice activity detector, a small neural network, run by whisper.cpp's own program. */
export class SileroDetector implements SpeechDetector {
  readonly name = 'silero';

  constructor(readonly options: SileroDetectorOptions) {}

  /** `RetryableError` where the program fails, `SetupError` where it is missing, the signal's reason when aborted. */
  async detect(recording: PcmFile, signal: AbortSignal): Promise<SpeechSpan[]> {
    const spans: SpeechSpan[] = [];
    const parts = partsOf(pcmFileDurationMs(recording), this.options.threads);
    for (let at = 0; at < parts.length; at += this.options.threads) {
      const beside = parts.slice(at, at + this.options.threads).map((part) => this.#spansOf(recording, part, signal));
      for (const span of (await Promise.all(beside)).flat()) appendSpan(spans, span);
    }
    return withoutChords(recording, spans);
  }

  async #spansOf(recording: PcmFile, { startMs, endMs }: SpeechSpan, signal: AbortSignal): Promise<SpeechSpan[]> {
    const fromMs = Math.max(0, startMs - LEAD_IN_MS);
    const found = parseSpans(await this.#run(encodeWav(await readWindow(recording, fromMs, endMs)), signal));
    return found.map((span) => ({ startMs: Math.max(startMs, fromMs + span.startMs), endMs: Math.min(endMs, fromMs + span.endMs) }));
  }

  async #run(wav: Buffer, signal: AbortSignal): Promise<string> {
    let report = '';
    const { vadPath, vadModelPath } = this.options;
    try {
      await runProgram(
        {
          program: vadPath,
          args: [
            ...['--file', '-', '--vad-model', vadModelPath, '--threads', '1', '--no-prints'],
            ...['--vad-min-speech-duration-ms', String(SHORTEST_SPEECH_MS), '--vad-speech-pad-ms', '0'],
          ],
          timeoutMs: TIMEOUT_MS,
          remedy: 'The speech engine is not built yet: npm start builds it',
          input: wav,
          onOutput: async (output) => {
            report = await text(output);
          },
        },
        signal,
      );
    } catch (error) {
      if (error instanceof ProgramError) throw new RetryableError('speech detection failed', undefined, { cause: error });
      throw error;
    }
    return report;
  }
}

/** Parts of one length, as many as can be heard beside each other or a multiple of that; of a short recording fewer. */
export function partsOf(durationMs: number, threads: number): SpeechSpan[] {
  const longestMs = Math.max(LEAST_PART_MS, Math.min(MOST_PART_MS, MOST_AT_ONCE_MS / threads));
  const wanted = Math.ceil(durationMs / longestMs / threads) * threads;
  const count = Math.max(1, Math.min(wanted, Math.floor(durationMs / LEAST_PART_MS)));
  const lengthMs = Math.ceil(durationMs / count);
  return Array.from({ length: count }, (_, at) => ({ startMs: at * lengthMs, endMs: Math.min((at + 1) * lengthMs, durationMs) }));
}

/** `Speech segment 0: start = 29.00, end = 131.00`, in hundredths of a second (examples/vad-speech-segments/speech.cpp). */
function parseSpans(report: string): SpeechSpan[] {
  return [...report.matchAll(/start = ([\d.]+), end = ([\d.]+)/g)].map(([, start, end]) => ({
    startMs: Math.round(Number(start) * 10),
    endMs: Math.round(Number(end) * 10),
  }));
}

/** The model takes a struck chord or a trembling tone for a voice now and then. */
async function withoutChords(recording: PcmFile, spans: readonly SpeechSpan[]): Promise<SpeechSpan[]> {
  const kept: SpeechSpan[] = [];
  for (const span of spans) {
    const isShort = span.endMs - span.startMs < DOUBTED_MS;
    if (!isShort || !keepsOneBalance(await readWindow(recording, span.startMs, span.endMs))) kept.push(span);
  }
  return kept;
}

/** Adds a span; one that goes on where the last one ended (speech across two parts) makes that one longer; one of a lead-in alone is none. */
function appendSpan(spans: SpeechSpan[], span: SpeechSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
  else if (span.endMs > span.startMs) spans.push(span);
}
