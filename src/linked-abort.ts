import { sharedAbort } from './shared-abort.js';

/**
 * A signal that is aborted with the first of the given ones, with its reason. Unlike `AbortSignal.any` it leaves nothing
 * with signals that live long: call `unlink` when the work is done.
 */
export function linkedAbort(...sources: readonly AbortSignal[]): { signal: AbortSignal; unlink: () => void } {
  const bound = sharedAbort();
  const links = sources.map((source) => {
    const forward = (): void => bound.abort(source.reason);
    source.addEventListener('abort', forward, { once: true });
    if (source.aborted) forward();
    return () => source.removeEventListener('abort', forward);
  });
  return {
    signal: bound.signal,
    unlink: () => {
      for (const unlink of links) unlink();
    },
  };
}

/** Does the work under a signal that is aborted with the first of the given ones, until it is done: what it leaves behind is not. */
export async function withLinkedAbort<T>(sources: readonly AbortSignal[], work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, unlink } = linkedAbort(...sources);
  try {
    return await work(signal);
  } finally {
    unlink();
  }
}
