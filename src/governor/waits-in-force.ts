import { type Peer, peerKey } from '../telegram/peer.js';
import type { GovernedRequest } from './governed-request.js';
import { type GovernorSnapshot, WAIT_KINDS, type WaitKind } from './governor-snapshot.js';

/** What a wait is for: a kind of request, everywhere or in one chat (by its key). */
export type WaitScope = WaitKind | `${WaitKind}@${string}`;

interface Wait {
  untilMs: number;
  /** How many were told to come back after it. */
  turnedAway: number;
}

const CHAT_KINDS: Readonly<Record<string, Peer['kind']>> = { u: 'user', g: 'group', c: 'channel' };

/** Every wait that Telegram asked for and that is not over. Times are the caller's. */
export class WaitsInForce {
  readonly #waits = new Map<WaitScope, Wait>();

  /** A longer wait that is known already stays. */
  note(scope: WaitScope, untilMs: number): void {
    const known = this.#waits.get(scope);
    this.#waits.set(scope, { untilMs: Math.max(untilMs, known?.untilMs ?? 0), turnedAway: known?.turnedAway ?? 0 });
  }

  /** How long this request has to wait yet; 0 where it may go. */
  remainingMs(request: GovernedRequest, nowMs: number): number {
    return Math.max(0, (this.#longest(request, nowMs)?.untilMs ?? 0) - nowMs);
  }

  /** How many were told before to come back after the wait that holds this request; counts it too. */
  turnAway(request: GovernedRequest, nowMs: number): number {
    const wait = this.#longest(request, nowMs);
    if (wait === undefined) return 0;
    wait.turnedAway += 1;
    return wait.turnedAway - 1;
  }

  list(nowMs: number): GovernorSnapshot['waits'] {
    this.#forgetPast(nowMs);
    return [...this.#waits]
      .map(([scope, { untilMs }]) => ({ ...described(scope), remainingMs: untilMs - nowMs }))
      .sort((one, other) => other.remainingMs - one.remainingMs);
  }

  #longest(request: GovernedRequest, nowMs: number): Wait | undefined {
    this.#forgetPast(nowMs);
    const waits = scopesOf(request).flatMap((scope) => this.#waits.get(scope) ?? []);
    return waits.reduce<Wait | undefined>((longest, wait) => (longest && longest.untilMs >= wait.untilMs ? longest : wait), undefined);
  }

  #forgetPast(nowMs: number): void {
    for (const [scope, { untilMs }] of this.#waits) if (untilMs <= nowMs) this.#waits.delete(scope);
  }
}

/** The scope of a wait that was asked for in answer to this request: sending and editing share their limits. */
export function scopeOf({ method }: GovernedRequest): WaitKind {
  return method === 'send' || method === 'edit' ? 'write' : method;
}

/** What was written down may be from another version. */
export function isWaitScope(scope: string): scope is WaitScope {
  return WAIT_KINDS.some((kind) => scope === kind || scope.startsWith(`${kind}@`));
}

export function sendScope(chat: Peer): WaitScope {
  return `send@${peerKey(chat)}`;
}

/** Whatever would hold this request. Nobody types where they cannot write. */
function scopesOf(request: GovernedRequest): WaitScope[] {
  const { method, chat } = request;
  const sending: WaitScope[] = ['write', 'send', ...(chat === undefined ? [] : [sendScope(chat)])];
  if (method === 'send') return sending;
  return method === 'typing' ? ['typing', ...sending] : [scopeOf(request)];
}

function described(scope: WaitScope): { kind: WaitKind; chatKind?: Peer['kind'] } {
  const [kind, chat = ''] = scope.split('@') as [WaitKind, string?];
  const chatKind = CHAT_KINDS[chat.charAt(0)];
  return chatKind === undefined ? { kind } : { kind, chatKind };
}
