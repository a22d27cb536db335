import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, monitorEventLoopDelay, PerformanceObserver, type NodeGCPerformanceDetail, type PerformanceEntry } from 'node:perf_hooks';
import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Service } from './service-group.js';

export interface HeartbeatOptions {
  /**
   * `health.json` is written below it: `{ state, atMs, pid, port }`, read by docker/healthcheck.mjs, and for whoever looks
   * how the process is: `{ heapUsedBytes, heapAfterGcBytes, loopDelayP99Ms, loopDelayMaxMs }`: what was in use when
   * the last whole collection had been made, and the delays since the beat before.
   */
  folder: string;
  everyMs: number;
  state: () => string;
  /** Where `/readyz` answers; undefined where it does not. */
  port: () => number | undefined;
  nowMs: () => number;
  log: Logger;
}

type Collection = PerformanceEntry & { detail: NodeGCPerformanceDetail };

/** How finely the event loop is watched, ms. What is later than that is its delay. */
const RESOLUTION_MS = 10;

/** Writes down now and then that the event loop turns, and whether the daemon is connected. */
export class Heartbeat implements Service {
  readonly name = 'heartbeat';
  readonly #options: HeartbeatOptions;
  readonly #loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #collections = new PerformanceObserver((list) => {
    const isWhole = (list.getEntries() as Collection[]).some(({ detail }) => detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR);
    if (isWhole) this.#heapAfterGcBytes = process.memoryUsage().heapUsed;
  });
  #heapAfterGcBytes: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isUnwritten = false;
  #beating: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#loop.enable();
    this.#collections.observe({ entryTypes: ['gc'] });
    await this.#beat();
    // A disk that takes its time is not asked a second time meanwhile.
    this.#timer = setInterval(() => {
      this.#beating ??= this.#beat().finally(() => (this.#beating = undefined));
    }, this.#options.everyMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#loop.disable();
    this.#collections.disconnect();
    await this.#beating;
    await this.#beat('stopped');
  }

  async #beat(state = this.#options.state()): Promise<void> {
    const { folder, port, nowMs, log } = this.#options;
    const path = join(folder, 'health.json');
    try {
      const beat = { state, atMs: nowMs(), pid: process.pid, port: port(), ...this.#figures() };
      await writeFile(`${path}.new`, JSON.stringify(beat), { mode: 0o600 });
      await rename(`${path}.new`, path);
      if (this.#isUnwritten) log.info('health.json can be written again');
      this.#isUnwritten = false;
    } catch (error) {
      // A full disk must not end the daemon; an old time in the file tells the same. Said once, not four times a minute.
      if (!this.#isUnwritten) log.warn({ err: error }, `health.json cannot be written, the health check will fail: ${errorText(error)}`);
      this.#isUnwritten = true;
    }
  }

  #figures(): Record<string, number | undefined> {
    const late = (nanoseconds: number): number => Math.max(0, Math.round(nanoseconds / 1e6) - RESOLUTION_MS);
    const figures = { loopDelayP99Ms: late(this.#loop.percentile(99)), loopDelayMaxMs: late(this.#loop.max) };
    this.#loop.reset();
    return { heapUsedBytes: process.memoryUsage().heapUsed, heapAfterGcBytes: this.#heapAfterGcBytes, ...figures };
  }
}
