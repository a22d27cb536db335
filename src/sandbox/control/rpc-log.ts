import type { RpcAnswer, RpcCaller, RpcRequest } from '../rpc.js';
import { waitFor } from './wait-for.js';
import type { WaitOptions } from './wait-for.js';

/** How a call ended. */
export type RpcOutcome =
  | { kind: 'answer'; answer: RpcAnswer }
  | { kind: 'error'; code: number; message: string }
  | { kind: 'silence' }
  | { kind: 'cut'; takesEffect: boolean };

/** One call, from when it came. */
export interface RpcRecord {
  index: number;
  atMs: number;
  /** As TL classes are called: `messages.SendMessage`. */
  method: string;
  caller: RpcCaller;
  /** Who was signed in on the key. */
  userId: string | undefined;
  request: RpcRequest;
  /** Absent while the call is being answered. */
  outcome?: RpcOutcome;
}

export interface RpcFilter {
  userId?: string;
}

/** How many calls are remembered. */
const CAPACITY = 10_000;

/** Every call in the order in which it came. */
export class RpcLog {
  private readonly records: RpcRecord[] = [];
  private readonly listeners = new Set<(record: RpcRecord) => void>();
  private count = 0;

  constructor(private readonly now: () => number) {}

  begin(request: RpcRequest, caller: RpcCaller, userId: string | undefined): RpcRecord {
    this.count += 1;
    const record: RpcRecord = { index: this.count, atMs: this.now(), method: request.className, caller, userId, request };
    this.records.push(record);
    if (this.records.length > CAPACITY) this.records.shift();
    return record;
  }

  end(record: RpcRecord, outcome: RpcOutcome): void {
    record.outcome = outcome;
    for (const listener of [...this.listeners]) listener(record);
  }

  /** All calls, or those of one method in either spelling. */
  calls(method?: string, { userId }: RpcFilter = {}): RpcRecord[] {
    const name = method?.toLowerCase();
    return this.records.filter(
      (record) =>
        (name === undefined || record.method.toLowerCase() === name) && (userId === undefined || record.userId === userId),
    );
  }

  /** The next call of the method that ends from now on. */
  next(method: string, options: WaitOptions & RpcFilter = {}, signal?: AbortSignal): Promise<RpcRecord> {
    const name = method.toLowerCase();
    const listen = (done: (record: RpcRecord) => void) =>
      this.listen((record) => {
        const ofUser = options.userId === undefined || record.userId === options.userId;
        if (record.method.toLowerCase() === name && ofUser) done(record);
      });
    return waitFor(`a call of ${method}`, listen, options, signal);
  }

  /** Hears of every call when it has ended. @returns the function that ends the listening. */
  listen(listener: (record: RpcRecord) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
