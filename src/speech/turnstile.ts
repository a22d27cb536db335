/** Lets one task through at a time, in the order in which they came. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];
  private taken = false;

  /** Whether a task is running or about to. */
  get busy(): boolean {
    return this.taken;
  }

  /** Runs `task` when its turn comes. Rejects with the signal's reason when aborted before that; then `task` never runs. */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.enter(signal);
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.taken = false;
      else next();
    }
  }

  private async enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.taken) {
      this.taken = true;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.waiting.splice(this.waiting.indexOf(pass), 1);
        reject(signal.reason as Error);
      };
      const pass = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      this.waiting.push(pass);
      signal.addEventListener('abort', leave, { once: true });
    });
  }
}
