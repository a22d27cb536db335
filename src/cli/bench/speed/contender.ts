/** A note to write down. */
export interface Note {
  seconds: number;
  /** As Telegram brings it. */
  voicePath: string;
  /** The same sound as 16-bit mono WAV at 16 kHz, for programs that take nothing else. */
  wavPath: string;
}

export interface Hearing {
  /** From being asked to having the text. */
  ms: number;
  /** Of that, time in which the model was loaded. */
  loadMs?: number;
  text: string;
}

/** Somebody who writes notes down: this program, or one that it is compared with. */
export interface Contender {
  readonly name: string;
  /** Rejects with `TooLateError` past the deadline; whatever it had started is gone then. */
  hear(note: Note, deadlineMs: number, signal: AbortSignal): Promise<Hearing>;
  /** The most memory that all its processes took together. */
  readonly peakBytes: number;
  stop(): Promise<void>;
}

/** Where all contenders work with. */
export interface Setting {
  /** The model's file, for all but this program. */
  modelFile: string;
  threads: number;
  /** A folder for temporary files. */
  folder: string;
}
