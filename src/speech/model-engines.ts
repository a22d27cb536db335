import type { Logger } from '../log/logger.js';
import { freeMemoryBytes } from './free-memory.js';
import { memoryNeeded } from './model-loader.js';
import { modelPath } from './model-path.js';
import { Turnstile } from './turnstile.js';
import type { WhisperServer, WhisperServerOptions } from './whisper-server.js';

export interface ModelEnginesOptions {
  /** Makes an engine for the model of this name; nothing is loaded before its first request. */
  create: (model: string, as: { machine: NonNullable<WhisperServerOptions['machine']>; isFirst: boolean }) => WhisperServer;
  modelsDir: string;
  freeMemory?: () => number;
  log: Logger;
}

/**
 * An engine for each model that somebody's voices are to be heard with, made when it is first asked for. They share the machine: one
 * request at a time among them all, in the order in which they came, and where the memory is too little for one more model
 * the others are unloaded first.
 */
export class ModelEngines {
  readonly #options: ModelEnginesOptions;
  readonly #turnstile = new Turnstile();
  readonly #engines: WhisperServer[] = [];

  constructor(options: ModelEnginesOptions) {
    this.#options = options;
  }

  /** The one that has this model now, or else a new one. */
  of(model: string): WhisperServer {
    const found = this.#engines.find((engine) => engine.model === model);
    if (found !== undefined) return found;
    const machine = { turnstile: this.#turnstile, makeRoom: (name: string): Promise<void> => this.#makeRoom(name, engine) };
    const engine: WhisperServer = this.#options.create(model, { machine, isFirst: this.#engines.length === 0 });
    this.#engines.push(engine);
    return engine;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.stop()));
  }

  /** The caller has the turn, so none of the others is at work. */
  async #makeRoom(model: string, asking: WhisperServer): Promise<void> {
    const { modelsDir, freeMemory = freeMemoryBytes, log } = this.#options;
    const needed = await memoryNeeded(model, modelPath(modelsDir, model)).catch(() => 0);
    for (const engine of this.#engines) {
      if (engine === asking || !engine.loaded || needed <= freeMemory()) continue;
      log.info({ model: engine.model, for: model }, 'a speech model is unloaded, another one needs its memory');
      await engine.unload();
    }
  }
}
