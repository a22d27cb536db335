import type { EndCause } from './engine-end.js';

/** How an engine is, for people: a snapshot. What an engine does not know of itself it leaves out. */
export interface EngineState {
  /** As people call it, with its version and how it was compiled. */
  engine: string;
  model: string;
  /** Whether the model is in memory. */
  loaded: boolean;
  threads?: number;
  flashAttention?: boolean;
  /** Whether threads and flash attention were measured on this machine, not just assumed. */
  tuned?: boolean;
  /** Time of the engine per time of sound, over the last requests. */
  realTimeFactor?: number;
  /** Memory of the engine's process. */
  memoryBytes?: number;
  /** How often it had to be started anew, since the daemon started, with the newest reason. */
  restarts?: number;
  lastRestart?: { cause: EndCause; atMs: number };
  /** Names of engines that are preferred to this one and cannot work at the moment. */
  resting?: readonly string[];
  /** What the next request would have to wait for. */
  trouble?: string;
}
