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
}

/** The program holds a whole sound in memory, so it gets a long recording in parts. */
const PART_MS = 300_000;
/** Shorter than the program's own 250 ms: a short "да" is an answer too. */
const SHORTEST_SPEECH_MS = 100;
const TIMEOUT_MS = 120_000;
/** A chord or a trembling tone may pass for a word or two, not for minutes of speech. */
const DOUBTED_MS = 10_000;

/** The Silero voice activity detector, a small neural network, run by whisper.cpp's own program. */
export class SileroDetector implements SpeechDetector {
  readonly name = 'silero';

  constructor(private readonly options: SileroDetectorOptions) {}

  /** `RetryableError` where the program fails, `SetupError` where it is missing, the signal's reason when aborted. */
  async detect(recording: PcmFile, signal: AbortSignal): Promise<SpeechSpan[]> {
    const spans: SpeechSpan[] = [];
    const durationMs = pcmFileDurationMs(recording);
    for (let startMs = 0; startMs < durationMs; startMs += PART_MS) {
      const wav = encodeWav(await readWindow(recording, startMs, startMs + PART_MS));
      for (const span of parseSpans(await this.run(wav, signal))) {
        appendSpan(spans, { startMs: startMs + span.startMs, endMs: Math.min(startMs + span.endMs, durationMs) });
      }
    }
    return withoutChords(recording, spans);
  }

  private async run(wav: Buffer, signal: AbortSignal): Promise<string> {
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

/** Adds a span; one that goes on where the last one ended (speech across two parts) makes that one longer. */
function appendSpan(spans: SpeechSpan[], span: SpeechSpan): void {
  const last = spans.at(-1);
  if (last !== undefined && span.startMs <= last.endMs) last.endMs = Math.max(last.endMs, span.endMs);
  else if (span.endMs > span.startMs) spans.push(span);
}
