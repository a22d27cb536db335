import { access } from 'node:fs/promises';
import type { Logger } from '../log/logger.js';
import { EnergyDetector } from './energy-detector.js';
import { SileroDetector } from './silero-detector.js';
import type { SpeechDetector } from './speech-detector.js';

export interface SpeechDetectorPaths {
  /** The program `whisper-vad-speech-segments`. */
  vadPath: string;
  /** Where the Silero model lies, if it is there. */
  vadModelPath: string;
  /** Cores that it may use. */
  threads: number;
}

/** Silero where its program and model are there, the detector by energy where not; one log line says which. */
export async function createSpeechDetector(paths: SpeechDetectorPaths, log: Logger): Promise<SpeechDetector> {
  try {
    await Promise.all([access(paths.vadPath), access(paths.vadModelPath)]);
    log.info({ detector: 'silero' }, 'speech is detected by Silero');
    return new SileroDetector(paths);
  } catch (error) {
    log.info({ detector: 'energy' }, 'speech is detected by energy: the Silero model is not here');
    log.debug({ err: error }, 'Silero');
    return new EnergyDetector();
  }
}
