import type { LineId } from '../telegram/update-source.js';

/** What has to be asked of Telegram, or read from Redis again. */
export class Due {
  /** The stored cursor is to be read: nothing is known yet, or Redis may have lost something. */
  reload = true;
  common = false;
  /** The list of chats: which supergroups were spoken in, and which are new. */
  dialogs = false;
  /** Ids of supergroups. */
  readonly channels = new Set<string>();
  #wake: () => void = () => undefined;

  add(what: LineId | 'dialogs' | 'reload'): void {
    if (what === 'common' || what === 'dialogs' || what === 'reload') this[what] = true;
    else this.channels.add(what.slice(1));
    this.#wake();
  }

  get isEmpty(): boolean {
    return !this.reload && !this.common && !this.dialogs && this.channels.size === 0;
  }

  /** Resolves when something is due, or at the next `nudge`; rejects with the signal's reason. */
  untilAny(signal: AbortSignal): Promise<void> {
    if (!this.isEmpty) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
      this.#wake = () => {
        signal.removeEventListener('abort', stop);
        resolve();
      };
    });
  }

  nudge(): void {
    this.#wake();
  }
}
