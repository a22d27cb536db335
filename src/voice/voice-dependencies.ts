import type { FailureReason } from '../errors.js';
import type { PcmFile } from '../media/pcm-file.js';
import type { Texts } from '../i18n/texts.js';
import type { RecognitionCheckpoint } from '../speech/recognition-checkpoint.js';
import type { Recognition, TranscribedSegment } from '../speech/transcript.js';
import type { Clock } from '../supervisor/clock.js';
import type { TelegramGateway } from '../telegram/telegram-gateway.js';
import type { DeadLetter } from './dead-letter.js';
import type { AnswerPlace } from './delivery.js';
import type { VoiceLimits } from './reply-text/failure-text.js';
import type { VoiceJob } from './voice-job.js';

/** How far a long transcription is. */
export interface Progress {
  doneMs: number;
  totalMs: number;
  segments: readonly TranscribedSegment[];
}

/** Whose recording it is that is recognized, and who wants to know how far it is. */
export interface RecognitionOf {
  job: VoiceJob;
  checkpoint: RecognitionCheckpoint;
  onProgress: (progress: Progress) => void;
}

/** What the pipeline needs, as interfaces: it knows neither Redis nor GramJS nor which engine it is. */
export interface VoiceDependencies {
  /** At `progress` whatever cannot go at once rejects with `NotNowError` instead of waiting its turn. */
  gatewayFor(accountId: string, urgency?: 'answer' | 'progress'): TelegramGateway;
  /** Passes while there is a connection to Telegram. */
  online: { whenOpen(signal: AbortSignal): Promise<void> };
  decode(input: string, output: string, signal: AbortSignal): Promise<PcmFile>;
  recognize(sound: PcmFile, of: RecognitionOf, signal: AbortSignal): Promise<Recognition>;
  punctuate(recognition: Recognition): string;
  transcripts: {
    read(jobId: string): Promise<KeptTranscript | undefined>;
    save(jobId: string, transcript: KeptTranscript): Promise<void>;
    countOutcome(accountId: string, outcome: 'text' | 'no-speech' | 'failed', audioMs?: number): Promise<void>;
  };
  /** What of a job's recording is written down already; a try after a crash goes on from there. */
  checkpoints: {
    of(jobId: string): RecognitionCheckpoint;
    forget(jobId: string): Promise<void>;
  };
  receipts: {
    /** The parts are those of one place; without it of the chat. */
    read(jobId: string, place?: AnswerPlace): Promise<{ parts: ReadonlyMap<number, number>; done: boolean }>;
    recordPart(jobId: string, part: number, messageId: number, place?: AnswerPlace): Promise<void>;
    markDone(jobId: string, atMs: number, outcome: VoiceOutcome): Promise<void>;
  };
  deadLetters: { add(letter: DeadLetter): Promise<void> };
  texts: Pick<Texts, 'reply' | 'failures'>;
  clock: Clock;
  /** Temporary audio lives below this folder and nowhere else. */
  workspaceRoot: string;
  limits: VoiceLimits;
  /** How many bytes the disk of a folder has left. */
  freeBytes(folder: string): Promise<number>;
  quoteAboveLength: number;
  progressAfterMs: number;
}

/** How a voice ended; `dropped` by its owner, unheard. */
export type VoiceOutcome = 'text' | 'no-speech' | 'dropped' | FailureReason;

/** The result that is kept of one voice. */
export interface KeptTranscript {
  /** The punctuated text; empty where there is no speech. */
  text: string;
  recognition: Recognition;
  /** Wall time of each stage up to the text, ms. */
  stageMs: Readonly<Record<string, number>>;
  atMs: number;
}
