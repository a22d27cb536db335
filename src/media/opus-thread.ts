import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { AppError, errorText } from '../errors.js';
import { keepHeapLean } from '../lean-heap.js';
import { linkedAbort } from '../linked-abort.js';
import type { Logger } from '../log/logger.js';
import type { OpusOutcome, OpusTask } from './opus-worker.js';

export interface OpusThreadOptions {
  /** The thread ends after this time without a file; the next one begins another. */
  idleAfterMs: number;
  log: Logger;
  /** The compiled `opus-worker`; ours without it. */
  script?: URL;
  /** Runs a function later, unless the answer is called first; tests hand in their own clock. */
  schedule?: (run: () => void, delayMs: number) => () => void;
}

export interface OpusLimits {
  maxDurationMs: number;
  timeoutMs: number;
}

/** What a file begins with that is worth a look: the first page of Ogg with an `OpusHead` in it. */
const BEGINNING = { ogg: 'OggS', opus: 'OpusHead', opusAt: 28, bytes: 36 };
/** Hostile bytes meet a wall here, beside the one that WebAssembly is. A voice note needs a few MB. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 };

/**
 * libopus in a thread of this process (WebAssembly, which cannot reach past its own memory), for what nearly every voice is:
 * a plain Ogg/Opus voice note. It saves the start of ffmpeg, which costs more than the decoding. It only ever says
 * "done" or "ask ffmpeg", so that nothing depends on it.
 */
export class OpusThread {
  readonly #options: OpusThreadOptions;
  #worker: Worker | undefined;
  #isBusy = false;
  #isStopped = false;
  #cancelIdle: () => void = () => undefined;

  constructor(options: OpusThreadOptions) {
    this.#options = options;
  }

  /** Whether there is a thread, with libopus in its memory. */
  get isLoaded(): boolean {
    return this.#worker !== undefined;
  }

  /**
   * Decodes `input` into `output` as `decodeAudio` does; false where that is for ffmpeg to do: another kind of file, a
   * damaged or unusual one, a thread that is at work already or has failed. What then is in `output` is worth
   * nothing. Rejects with the signal's reason only.
   */
  async decode(input: string, output: string, limits: OpusLimits, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    if (this.#isBusy || this.#isStopped) return false;
    this.#isBusy = true;
    this.#cancelIdle();
    try {
      if (!(await beginsAsOpus(input))) return false;
      const outcome = await this.#ask({ input, output, maxDurationMs: limits.maxDurationMs }, limits.timeoutMs, signal);
      if ('sampleCount' in outcome) return true;
      this.#options.log.debug({ because: outcome.because }, 'decoded by ffmpeg');
      return false;
    } catch (error) {
      await this.#end();
      signal.throwIfAborted();
      this.#options.log.debug({ err: error }, 'the thread that decodes voice notes failed');
      return false;
    } finally {
      this.#isBusy = false;
      this.#endWhenIdle();
    }
  }

  /** Ends the thread for good; resolves when it is gone. A running file is left to ffmpeg. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelIdle();
    await this.#end();
  }

  async #ask(task: OpusTask, timeoutMs: number, signal: AbortSignal): Promise<OpusOutcome> {
    const worker = (this.#worker ??= this.#start());
    const over = new AbortController();
    const { signal: until, unlink } = linkedAbort(signal, AbortSignal.timeout(timeoutMs), over.signal);
    worker.ref();
    try {
      const answer = once(worker, 'message', { signal: until }) as Promise<[OpusOutcome]>;
      const end = once(worker, 'exit', { signal: until }).then(() => {
        throw new AppError('the thread has ended');
      });
      worker.postMessage(task);
      const [outcome] = await Promise.race([answer, end]);
      return outcome;
    } finally {
      over.abort();
      unlink();
      worker.unref();
    }
  }

  #start(): Worker {
    const { script = new URL('./opus-worker.js', import.meta.url), log } = this.#options;
    const worker = new Worker(script, { env: {}, stdout: true, stderr: true, resourceLimits: RESOURCE_LIMITS });
    // The library writes to the console what it thinks of a packet.
    for (const output of [worker.stdout, worker.stderr]) output.resume();
    worker.on('error', (error) => log.debug({ because: errorText(error) }, 'the thread that decodes voice notes broke'));
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    worker.once('online', keepHeapLean);
    worker.unref();
    return worker;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #endWhenIdle(): void {
    if (this.#worker === undefined) return;
    const { schedule = later, idleAfterMs } = this.#options;
    this.#cancelIdle = schedule(() => void this.#end(), idleAfterMs);
  }
}

async function beginsAsOpus(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING.bytes), 0, BEGINNING.bytes, 0);
    const text = buffer.toString('latin1', 0, bytesRead);
    return text.startsWith(BEGINNING.ogg) && text.startsWith(BEGINNING.opus, BEGINNING.opusAt);
  } finally {
    await file.close();
  }
}

function later(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs).unref();
  return () => clearTimeout(timer);
}
