/** What is to be done to a call instead of, or besides, answering it. */
export type RpcFaultAction =
  | { kind: 'fail'; code: number; message: string }
  | { kind: 'silence'; takesEffect: boolean }
  | { kind: 'cut'; takesEffect: boolean }
  | { kind: 'delay'; ms: number }
  | { kind: 'hold'; released: Promise<void> };

/** Which calls of the method: the next so many, or every so manieth. */
export interface FaultReach {
  /** How many calls are hit; without it, until `clear` or the returned function. */
  times?: number;
  /** Only every n-th call of the method is hit. */
  everyNth?: number;
  /** Only calls of this user. */
  userId?: string;
}

interface Rule extends FaultReach {
  method: string;
  action: RpcFaultAction;
  seen: number;
  hit: number;
}

/** The error that Telegram would answer: `{ code: 420, message: 'FLOOD_WAIT_3' }`. */
export interface RpcErrorAnswer {
  code: number;
  message: string;
}

/**
 * Faults of single methods, named as in TL in either spelling (`messages.sendMessage`, `messages.SendMessage`); `*` is
 * every method. A rule holds for the calls that come after it.
 */
export class RpcFaults {
  private rules: Rule[] = [];

  failNext(method: string, error: RpcErrorAnswer, times = 1): () => void {
    return this.add(method, { kind: 'fail', ...error }, { times });
  }

  failEvery(everyNth: number, method: string, error: RpcErrorAnswer): () => void {
    return this.add(method, { kind: 'fail', ...error }, { everyNth });
  }

  /** The next call is never answered. Where it takes effect, the message is sent and only its answer is lost. */
  silenceNext(method: string, { takesEffect = false, times = 1 } = {}): () => void {
    return this.add(method, { kind: 'silence', takesEffect }, { times });
  }

  /** The connection is cut at the next call, before or after it takes effect. */
  cutNext(method: string, { takesEffect = false, times = 1 } = {}): () => void {
    return this.add(method, { kind: 'cut', takesEffect }, { times });
  }

  /** Calls wait so long before they take effect. */
  delay(method: string, ms: number, reach: FaultReach = {}): () => void {
    return this.add(method, { kind: 'delay', ms }, reach);
  }

  /** Calls wait before they take effect until the returned function is called. */
  hold(method: string, reach: FaultReach = {}): () => void {
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const takeBack = this.add(method, { kind: 'hold', released }, reach);
    return () => {
      takeBack();
      release();
    };
  }

  /** @returns the function that takes the rule back. */
  add(method: string, action: RpcFaultAction, reach: FaultReach = {}): () => void {
    const rule: Rule = { ...reach, method: method.toLowerCase(), action, seen: 0, hit: 0 };
    this.rules.push(rule);
    return () => (this.rules = this.rules.filter((each) => each !== rule));
  }

  clear(): void {
    this.rules = [];
  }

  /** What is to happen to this call; counts it against the rules. */
  take(method: string, userId: string | undefined): RpcFaultAction[] {
    const name = method.toLowerCase();
    const actions: RpcFaultAction[] = [];
    for (const rule of this.rules) {
      const concerned = rule.method === '*' || rule.method === name;
      if (!concerned || (rule.userId !== undefined && rule.userId !== userId)) continue;
      rule.seen += 1;
      if (rule.everyNth !== undefined && rule.seen % rule.everyNth !== 0) continue;
      rule.hit += 1;
      actions.push(rule.action);
    }
    this.rules = this.rules.filter((rule) => rule.times === undefined || rule.hit < rule.times);
    return actions;
  }
}
