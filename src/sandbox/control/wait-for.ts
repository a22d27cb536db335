import { AppError } from '../../errors.js';

/** What was waited for did not happen in time. */
export class WaitTimeoutError extends AppError {}

export interface WaitOptions {
  /** Default 60 000: a machine may be busy. */
  timeoutMs?: number;
}

/**
 * Waits until `start` calls back. `start` begins to listen and returns what ends the listening; that is called in every
 * case. Rejects with `WaitTimeoutError`, with the signal's reason, or with what `start` fails with.
 */
export function waitFor<T>(
  what: string,
  start: (done: (value: T) => void, fail: (error: unknown) => void) => () => void,
  { timeoutMs = 60_000 }: WaitOptions = {},
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const finish = (act: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      stop();
      act();
    };
    const onAbort = () => finish(() => reject(signal?.reason as Error));
    const timer = setTimeout(
      () => finish(() => reject(new WaitTimeoutError(`Waited ${timeoutMs} ms in vain for ${what}`))),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    const stop = start(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error instanceof Error ? error : new AppError(String(error)))),
    );
  });
}
