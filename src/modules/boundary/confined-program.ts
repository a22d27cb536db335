/** What a confined program may take. */
export interface ConfinementLimits {
  /** 24 MB at least, which the engine itself begins with. */
  memoryBytes: number;
  /** Time on the CPU for one call, with all that it sets off; a program that takes longer is ended. */
  callMs: number;
  /** Of one answer or one call of the host, as JSON, in characters; and of what one call writes to the console. */
  outputBytes: number;
}

/** JSON in, JSON out; the program's own calls of the core. What it rejects with is not told to the program, but for a `CommandRefusal`. */
export type HostCall = (name: string, input: unknown, signal: AbortSignal) => Promise<unknown>;

/**
 * JavaScript of somebody else, in an engine in WebAssembly, in a process of its own: no files, no network, no processes, no
 * environment; only what `hostCall` answers. It finds in its world `host.call(name, input)`, `host.inspect(value)`,
 * `host.evaluate(code, fileName)` (a script with top-level await; a promise of `{value}`), `console`, `setTimeout` and `clearTimeout`.
 */
export interface ConfinedProgram {
  /** What its entry exports. */
  readonly exports: readonly string[];
  readonly pid: number;
  /**
   * Calls a function that the program exports; rejects with `ConfinementError` where it threw, took too long or too much. An
   * abort ends the wait alone: only `stop` ends what the program does.
   */
  call(name: string, input: unknown, signal: AbortSignal): Promise<unknown>;
  /** Why it ended, once it did. */
  readonly ended: Promise<ConfinementEnd>;
  /** What its process holds of the machine's memory, in bytes; undefined once it ended. */
  residentBytes(): Promise<number | undefined>;
  /** Ends it with everything in it; idempotent. */
  stop(): Promise<void>;
}

export type ConfinementEnd = 'stopped' | 'memory' | 'time' | 'crash' | 'flood';
