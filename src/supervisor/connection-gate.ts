/** Open while there is a connection; others wait at it instead of failing. */
export class ConnectionGate {
  readonly #waiting = new Set<() => void>();
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  open(): void {
    this.#isOpen = true;
    for (const pass of this.#waiting) pass();
    this.#waiting.clear();
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Resolves as soon as the gate is open; rejects with the signal's reason. */
  whenOpen(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#isOpen) {
        resolve();
        return;
      }
      const pass = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.delete(pass);
        reject(signal.reason as Error);
      };
      this.#waiting.add(pass);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }
}
