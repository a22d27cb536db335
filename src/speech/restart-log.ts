import type { Logger } from '../log/logger.js';
import type { EndCause } from './engine-end.js';

/** Counts unplanned ends of the engine, and says each in the log with what can be done about it. */
export class RestartLog {
  #count = 0;
  #last: { cause: EndCause; atMs: number } | undefined;

  constructor(
    private readonly log: Logger,
    private readonly wallMs: () => number,
  ) {}

  get count(): number {
    return this.#count;
  }

  get last(): { cause: EndCause; atMs: number } | undefined {
    return this.#last;
  }

  note(cause: EndCause, reason: string): void {
    this.#count += 1;
    this.#last = { cause, atMs: this.wallMs() };
    if (cause === 'out-of-memory') {
      this.log.warn({ reason }, 'the speech engine was killed because memory ran out; a smaller model would help, or more memory');
    } else if (cause === 'killed') {
      this.log.warn({ reason }, 'the speech engine was killed from outside, most likely because memory ran out; a smaller model would help, or more memory');
    } else if (cause !== 'memory-growth') {
      this.log.warn({ cause, reason }, 'the speech engine ended; a new one is started with the next voice');
    }
  }
}
