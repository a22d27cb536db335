import type { FormattedText } from '../telegram/formatted-text.js';
import { rankOf, type Urgency } from './urgency.js';

/** A new text for a message, and who waits for it to stand there. */
export interface Edit {
  text: FormattedText;
  urgency: Urgency;
  signal: AbortSignal;
}

/**
 * Sends edits, all of one message. `take` is called when the edit may leave, as often as it is tried, and gives the text
 * that is the newest by then.
 */
export type SendEdit = (urgency: Urgency, take: () => FormattedText, signal: AbortSignal) => Promise<void>;

interface Caller extends Edit {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Of the edits of one message that wait to be sent only the newest is; those it overtakes resolve with it. One edit of a
 * message is on its way at a time, so an older text never lands on a newer one; and progress does not follow an answer
 * that is still on its way.
 */
export class LatestEdits {
  readonly #lines = new Map<string, Line>();
  #coalesced = 0;

  /** Edits that were never sent, because a newer one came first. */
  get coalesced(): number {
    return this.#coalesced;
  }

  /** `key` names the message. Resolves when the message has this text, or a newer one. */
  edit(key: string, edit: Edit, send: SendEdit): Promise<void> {
    return new Promise((resolve, reject) => {
      edit.signal.throwIfAborted();
      const line = this.#lines.get(key) ?? new Line();
      line.join({ ...edit, resolve, reject });
      if (this.#lines.has(key)) return;
      this.#lines.set(key, line);
      void this.#sendAll(key, line, send);
    });
  }

  async #sendAll(key: string, line: Line, send: SendEdit): Promise<void> {
    while (line.length > 0) this.#coalesced += await line.sendNewest(send);
    this.#lines.delete(key);
  }
}

/** The edits of one message: those in the text that is being sent, and those that came after. */
class Line {
  #taken: Caller[] = [];
  #waiting: Caller[] = [];
  #givenUp = new AbortController();

  get length(): number {
    return this.#taken.length + this.#waiting.length;
  }

  join(caller: Caller): void {
    const onAbort = (): void => {
      this.#taken = this.#taken.filter((other) => other !== joined);
      this.#waiting = this.#waiting.filter((other) => other !== joined);
      joined.reject(caller.signal.reason as Error);
      if (this.length === 0) this.#givenUp.abort(caller.signal.reason);
    };
    const settled = (): void => caller.signal.removeEventListener('abort', onAbort);
    const joined: Caller = {
      ...caller,
      resolve: () => {
        settled();
        caller.resolve();
      },
      reject: (error) => {
        settled();
        caller.reject(error);
      },
    };
    caller.signal.addEventListener('abort', onAbort, { once: true });
    // Progress that comes while an answer is here is older than it, whatever the clock says.
    const answered = [...this.#taken, ...this.#waiting].some((other) => rankOf(other.urgency) < rankOf(caller.urgency));
    if (!answered) this.#waiting.push(joined);
    else if (this.#waiting.length > 0) this.#waiting.unshift(joined);
    else this.#taken.unshift(joined);
  }

  /** Resolves with how many edits were spared by it; every caller is told, none is thrown at. */
  async sendNewest(send: SendEdit): Promise<number> {
    this.#givenUp = new AbortController();
    const urgency = this.#waiting.map((caller) => caller.urgency).sort((one, other) => rankOf(one) - rankOf(other))[0];
    try {
      await send(urgency ?? 'progress', () => this.#takeNewest(), this.#givenUp.signal);
      const done = this.#taken.splice(0);
      for (const caller of done) caller.resolve();
      return Math.max(0, done.length - 1);
    } catch (error) {
      if (this.#givenUp.signal.aborted) {
        // Who gave up was told; who came since has to be served.
        this.#waiting.unshift(...this.#taken.splice(0));
        return 0;
      }
      const failed = this.#taken.length > 0 ? this.#taken.splice(0) : this.#waiting.splice(0);
      for (const caller of failed) caller.reject(error as Error);
      return 0;
    }
  }

  #takeNewest(): FormattedText {
    this.#taken.push(...this.#waiting.splice(0));
    const newest = this.#taken.at(-1);
    if (newest === undefined) throw this.#givenUp.signal.reason;
    return newest.text;
  }
}
