/** What a confined program may take. */
export interface ConfinementLimits {
  memoryBytes: number;
  /** Time on the CPU for one call; a program that takes longer is ended. */
  callMs: number;
  outputBytes: number;
}

/** JSON in, JSON out; the program's own calls of the core. */
export type HostCall = (name: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

/**
 * JavaScript of somebody else, in an engine in WebAssembly, in a process of its own: no files, no network, no processes, no
 * environment; only what `hostCall` answers.
 */
export interface ConfinedProgram {
  /** Calls a function that the program exports; rejects with `ConfinementError` where it threw, took too long or too much. */
  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  /** Why it ended, once it did. */
  readonly ended: Promise<ConfinementEnd>;
  /** Ends it with everything in it; idempotent. */
  stop(): Promise<void>;
}

export type ConfinementEnd = 'stopped' | 'memory' | 'time' | 'crash' | 'flood';
