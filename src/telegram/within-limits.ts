import { RetryableError } from '../errors.js';

/** How long work may take, and what may end it before. */
export interface Limits {
  deadlineMs: number;
  /** What is being waited for, for the error's message: `messages.SendMessage`. */
  what: string;
  signals: readonly AbortSignal[];
}

/**
 * The result of `work`, or the first limit that is hit: `RetryableError` at the deadline, an aborted signal's reason.
 * Work that is given up goes on by itself; its late outcome is dropped and can never be an unhandled rejection. The
 * client library's promises may never settle (a lost key, a dead socket), so every one of them is waited for in here.
 */
export function withinLimits<T>(work: Promise<T>, limits: Limits): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of limits.signals) signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error): void => {
      end();
      reject(error);
    };
    const onAbort = (event: Event): void => fail((event.target as AbortSignal).reason as Error);
    const timer = setTimeout(
      () => fail(new RetryableError(`no answer to ${limits.what} within ${limits.deadlineMs} ms`)),
      limits.deadlineMs,
    );
    for (const signal of limits.signals) {
      if (signal.aborted) fail(signal.reason as Error);
      else signal.addEventListener('abort', onAbort);
    }
    work.then((value) => {
      end();
      resolve(value);
    }, fail);
  });
}
