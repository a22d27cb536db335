/** Notices that nothing has been going on for a while. */
export class RestTimer {
  readonly #afterMs: number;
  readonly #onRest: () => void;
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `onRest` is called each time that nothing was under way for `afterMs`. */
  constructor(afterMs: number, onRest: () => void) {
    this.#afterMs = afterMs;
    this.#onRest = onRest;
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.stop();
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0) this.#timer = setTimeout(this.#onRest, this.#afterMs).unref();
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
