import { errorText } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { LoadedCursor, UpdateCursor } from '../store/update-state.js';
import type { Clock } from '../supervisor/clock.js';

/** Writing down how far we are costs Redis one command, however much has happened. */
const SAVE_EVERY_MS = 1000;

export interface CursorKeeperDependencies {
  store: { load(): Promise<LoadedCursor>; save(serverRun: string, cursor: UpdateCursor): Promise<boolean> };
  /** What may be stored by now; undefined where nothing may. */
  cursor: () => UpdateCursor | undefined;
  /** Redis runs anew since the cursor was loaded. */
  onLoss: () => void;
  clock: Clock;
  log: Logger;
}

/** Stores the cursor now and then; never twice at once, and never over what another run of the server has kept. */
export class CursorKeeper {
  readonly #deps: CursorKeeperDependencies;
  #serverRun = '';
  #waiting = false;
  #saving: Promise<void> | undefined;

  constructor(deps: CursorKeeperDependencies) {
    this.#deps = deps;
  }

  async load(): Promise<UpdateCursor | undefined> {
    const { serverRun, cursor } = await this.#deps.store.load();
    this.#serverRun = serverRun;
    return cursor;
  }

  async saveSoon(signal: AbortSignal): Promise<void> {
    if (this.#waiting || signal.aborted) return;
    this.#waiting = true;
    try {
      await this.#deps.clock.sleep(SAVE_EVERY_MS, signal);
    } catch {
      // Whoever stops saves once more.
      return;
    } finally {
      this.#waiting = false;
    }
    await this.save();
  }

  /** Never rejects: what could not be written is written the next time. */
  save(): Promise<void> {
    this.#saving ??= this.#write()
      .catch((error: unknown) => {
        this.#deps.log.warn({ err: error }, `how far the updates are taken in could not be written: ${errorText(error)}`);
      })
      .finally(() => (this.#saving = undefined));
    return this.#saving;
  }

  /** Saves what is not saved by now. */
  async close(): Promise<void> {
    await this.#saving;
    await this.save();
  }

  async #write(): Promise<void> {
    const cursor = this.#deps.cursor();
    if (cursor === undefined) return;
    if (await this.#deps.store.save(this.#serverRun, cursor)) return;
    this.#deps.log.warn('Redis was started anew and may have lost its last second: catching up from what it has');
    this.#deps.onLoss();
  }
}
