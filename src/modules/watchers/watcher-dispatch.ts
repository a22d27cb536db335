import type { ModuleMessage } from '../contract/module-message.js';
import type { AnyWatcher } from '../contract/watcher-definition.js';
import { compileFilter, seenMessage, type WatcherPredicate } from './compile-filter.js';

/** Lets a watcher look at a message; never rejects. */
export type RunWatcher = (watcher: AnyWatcher, message: ModuleMessage) => Promise<void>;

interface Posted {
  watcher: AnyWatcher;
  wants: WatcherPredicate;
  run: RunWatcher;
  busy: number;
  missed: number;
}

/** A watcher that has so many messages in work gets no more: what it misses is counted. */
export const MOST_AT_ONCE = 16;

/** Shows every message to the watchers that want it. */
export class WatcherDispatch {
  readonly #posted = new Set<Posted>();
  readonly #onDropped: (watcher: AnyWatcher, missed: number) => void;

  /** `onDropped`: a watcher missed a message, since it was busy with many; so many by now. */
  constructor(onDropped: (watcher: AnyWatcher, missed: number) => void) {
    this.#onDropped = onDropped;
  }

  /** From now on they see what comes, until the function that comes back is called. */
  post(watchers: readonly AnyWatcher[], run: RunWatcher): () => void {
    const posted = watchers.map((watcher) => ({ watcher, wants: compileFilter(watcher.filter), run, busy: 0, missed: 0 }));
    for (const each of posted) this.#posted.add(each);
    return () => {
      for (const each of posted) this.#posted.delete(each);
    };
  }

  /** Returns at once; what the watchers do with it goes on by itself. */
  offer(message: ModuleMessage): void {
    const seen = seenMessage(message);
    for (const posted of this.#posted) {
      if (!posted.wants(seen)) continue;
      if (posted.busy >= MOST_AT_ONCE) this.#onDropped(posted.watcher, (posted.missed += 1));
      else void this.#show(posted, message);
    }
  }

  async #show(posted: Posted, message: ModuleMessage): Promise<void> {
    posted.busy += 1;
    await posted.run(posted.watcher, message);
    posted.busy -= 1;
  }
}
