import type { ModuleMessage } from '../contract/module-message.js';
import type { AnyWatcher } from '../contract/watcher-definition.js';
import { compileFilter, seenMessage, type WatcherPredicate } from './compile-filter.js';

/** Lets a watcher look at a message; never rejects. */
export type RunWatcher = (watcher: AnyWatcher, message: ModuleMessage) => Promise<void>;

/** Whether a watcher's own condition holds; never throws. */
export type AskWatcher = (watcher: AnyWatcher, message: ModuleMessage) => boolean;

interface Posted {
  watcher: AnyWatcher;
  fits: WatcherPredicate;
  asks: AskWatcher;
  run: RunWatcher;
  busy: number;
  missed: number;
  /** What waits for its turn. */
  readonly line: ModuleMessage[];
}

/** A watcher that has so many messages in work gets no more: what it misses is counted. One that picks its messages has them wait. */
export const MOST_AT_ONCE = 16;
/** So many wait; more of what a watcher picks for itself is an attack on the memory. */
export const LONGEST_LINE = 10_000;

/** Shows every message to the watchers that want it. */
export class WatcherDispatch {
  readonly #posted = new Set<Posted>();
  readonly #onDropped: (watcher: AnyWatcher, missed: number) => void;

  /** `onDropped`: a watcher missed a message, since it was busy with many; so many by now. */
  constructor(onDropped: (watcher: AnyWatcher, missed: number) => void) {
    this.#onDropped = onDropped;
  }

  /** From now on they see what comes, until the function that comes back is called. */
  post(watchers: readonly AnyWatcher[], run: RunWatcher, asks: AskWatcher = () => true): () => void {
    const posted = watchers.map((watcher): Posted => ({ watcher, fits: compileFilter(watcher.filter), asks, run, busy: 0, missed: 0, line: [] }));
    for (const each of posted) this.#posted.add(each);
    return () => {
      for (const each of posted) {
        this.#posted.delete(each);
        each.line.length = 0;
      }
    };
  }

  /** Returns at once; what the watchers do with it goes on by itself. */
  offer(message: ModuleMessage): void {
    const seen = seenMessage(message);
    for (const posted of this.#posted) {
      if (!posted.fits(seen)) continue;
      const picks = posted.watcher.wants !== undefined;
      if (picks && !posted.asks(posted.watcher, message)) continue;
      if (posted.busy < MOST_AT_ONCE) void this.#show(posted, message);
      else if (picks && posted.line.length < LONGEST_LINE) posted.line.push(message);
      else this.#onDropped(posted.watcher, (posted.missed += 1));
    }
  }

  async #show(posted: Posted, message: ModuleMessage): Promise<void> {
    posted.busy += 1;
    for (let next: ModuleMessage | undefined = message; next !== undefined; next = posted.line.shift()) await posted.run(posted.watcher, next);
    posted.busy -= 1;
  }
}
