import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';

/** Something with a lifetime. `stop` is idempotent and resolves when drained. */
export interface Service {
  name: string;
  start(signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Services that start in order and stop in reverse. A start that is aborted or fails stops what had started. A stop that
 * fails or takes longer than its deadline is logged, and the next one goes on.
 */
export class ServiceGroup {
  readonly #log: Logger;
  readonly #stopDeadlineMs: number;
  readonly #started: Service[] = [];

  constructor({ log, stopDeadlineMs }: { log: Logger; stopDeadlineMs: number }) {
    this.#log = log;
    this.#stopDeadlineMs = stopDeadlineMs;
  }

  async start(service: Service, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Counted as started before it is: half a start needs its stop too.
    this.#started.push(service);
    await service.start(signal);
    this.#log.debug({ service: service.name }, 'started');
  }

  /** True where everything ended cleanly. */
  async stop(): Promise<boolean> {
    let clean = true;
    for (let service = this.#started.pop(); service !== undefined; service = this.#started.pop()) {
      const { name } = service;
      try {
        await withDeadline(service.stop(), this.#stopDeadlineMs, name);
        this.#log.debug({ service: name }, 'stopped');
      } catch (error) {
        clean = false;
        this.#log.error({ err: error, service: name }, `${name} did not stop cleanly: ${errorText(error)}`);
      }
    }
    return clean;
  }
}

async function withDeadline(work: Promise<void>, deadlineMs: number, name: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${name} took longer than ${deadlineMs} ms to stop`)), deadlineMs);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
