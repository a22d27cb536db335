/** Resolves when `work` is settled, whatever came of it, or after `ms`. Rejects with the signal's reason when aborted. */
export async function waitAtMost(work: Promise<unknown>, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      resolve();
    };
    const leave = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', leave, { once: true });
    work.then(done, done);
  });
}
