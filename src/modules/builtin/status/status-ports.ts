import type { GovernorSnapshot } from '../../../governor/governor-snapshot.js';
import type { LogLevel, LogLine } from '../../../log/log-line.js';
import type { EngineState } from '../../../speech/engine-state.js';
import type { IncidentKind } from '../../../supervisor/incidents.js';

/** The state of the daemon, gathered at the time of the call. */
export interface Status {
  uptimeMs: number;
  memoryBytes: number;
  engine: EngineState;
  nowMs: number;
  tracked: { people: number; chats: number };
  queue: { waiting: number; active: number; delayed: number };
  outcomes: { text: number; 'no-speech': number; failed: number };
  /** All sound that became text, or was found to hold no speech. */
  audioMs: number;
  /** Failed voices that can still be tried again. */
  deadLetters: number;
  /** Errors that were contained since the start, by what felt them. */
  incidents: Readonly<Record<IncidentKind, number>>;
  governor: GovernorSnapshot;
  reconnects: number;
  /** Host and port of the proxy in use, where there is one. */
  proxy?: string | undefined;
  version: string;
}

/** What `.debug` shows beside it: groups of lines, in English as a log is, without secrets, names or texts. */
export type DebugSection = readonly [title: string, facts: Readonly<Record<string, string | number | boolean | undefined>>];

export interface StatusPorts {
  /** Round trip to Telegram, ms. */
  ping(signal: AbortSignal): Promise<number>;
  status(signal: AbortSignal): Promise<Status>;
  debug(signal: AbortSignal): Promise<readonly DebugSection[]>;
  log(level: LogLevel): readonly LogLine[];
  /** False where the owner switched the voices off. */
  takesVoices(): boolean;
  /** Who would start the program again; undefined where nobody would. */
  startedBy: 'docker' | 'systemd' | undefined;
  /** Ends the program in order; for a restart with the status that asks for one. Returns at once. */
  leave(how: 'restart' | 'stop'): void;
}
