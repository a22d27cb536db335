import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../log/logger.js';
import type { Service } from './service-group.js';

export interface HeartbeatOptions {
  /** `health.json` is written below it: `{ state, atMs, pid, port }`, read by docker/healthcheck.mjs. */
  folder: string;
  everyMs: number;
  state: () => string;
  /** Where `/readyz` answers; undefined where it does not. */
  port: () => number | undefined;
  nowMs: () => number;
  log: Logger;
}

/** Writes down now and then that the event loop turns, and whether the daemon is connected. */
export class Heartbeat implements Service {
  readonly name = 'heartbeat';
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#beat();
    this.#timer = setInterval(() => void this.#beat(), this.#options.everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beat('stopped');
  }

  async #beat(state = this.#options.state()): Promise<void> {
    const { folder, port, nowMs, log } = this.#options;
    const path = join(folder, 'health.json');
    try {
      await writeFile(`${path}.new`, JSON.stringify({ state, atMs: nowMs(), pid: process.pid, port: port() }), { mode: 0o600 });
      await rename(`${path}.new`, path);
    } catch (error) {
      // A full disk must not end the daemon; an old time in the file tells the same.
      log.warn({ err: error }, 'the heartbeat could not be written');
    }
  }
}
