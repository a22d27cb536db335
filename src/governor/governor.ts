import { ChatRefusedError, errorText, NotNowError, TelegramWaitError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Clock } from '../supervisor/clock.js';
import { type Peer, peerKey } from '../telegram/peer.js';
import { DepartureQueue } from './departure-queue.js';
import { type GovernedRequest, mayWait } from './governed-request.js';
import type { GovernorSnapshot } from './governor-snapshot.js';
import { LatestEdits } from './latest-edits.js';
import { type Pace, PACES, type PaceName } from './pace.js';
import { PaceKeeper } from './pace-keeper.js';
import { RefusedChats } from './refused-chats.js';
import { SentCount } from './sent-count.js';
import { SlowModes } from './slow-modes.js';
import { isWaitScope, scopeOf, sendScope, WaitsInForce, type WaitScope } from './waits-in-force.js';
import type { Urgency } from './urgency.js';

/** Where waits outlive the process. */
export interface WaitStore {
  /** Those that are not over. */
  load(): Promise<{ scope: string; remainingMs: number }[]>;
  save(scope: string, waitMs: number): Promise<void>;
}

export interface GovernorDependencies {
  pace: PaceName;
  /** Steady: a system clock that is set must not end a wait. */
  clock: Clock;
  random: () => number;
  waits: WaitStore;
  log: Logger;
}

/** Longer waits are told to the caller, whose job is parked: it must not hold a worker. */
const WAITED_FOR_HERE_MS: Readonly<Record<Urgency, number>> = { command: 60_000, answer: 10_000, progress: 0 };
/** Waits beyond that are remembered over a restart. */
const KEPT_OVER_RESTART_MS = 60_000;
/** So as not to knock a moment too early. */
const MARGIN_MS = 250;
const SHORTEST_WAIT_MS = 1000;
/** Telegram may ask again for the same request. */
const MAX_TRIES = 5;
/** Whoever was told to come back after a wait comes back one by one. */
const RETURN_EVERY_MS = 1500;
const MAX_RETURN_SPREAD_MS = 60_000;
const REFUSAL_MS = 10 * 60_000;
/** A limited account is not forgiven sooner, for that chat. */
const PEER_FLOOD_REFUSAL_MS = 12 * 3_600_000;
/** And writes to nobody anew for a while: more of it is what such accounts are banned for. */
const PEER_FLOOD_PAUSE_MS = 5 * 60_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Good manners towards Telegram, for one account: everything that goes there asks here first. It knows the budgets, every
 * wait that Telegram asked for, and the chats that take nothing from us; it outlives connections.
 */
export class Governor {
  readonly #deps: GovernorDependencies;
  readonly #keeper: PaceKeeper;
  readonly #waits = new WaitsInForce();
  readonly #refused = new RefusedChats();
  readonly #slowModes = new SlowModes();
  readonly #queue: DepartureQueue;
  readonly #sent = new SentCount();
  readonly edits = new LatestEdits();

  constructor(deps: GovernorDependencies) {
    const { pace, clock, random } = deps;
    this.#deps = deps;
    const budgets: Pace | undefined = pace === 'off' ? undefined : PACES[pace];
    this.#keeper = new PaceKeeper({ pace: budgets, random, nowMs: clock.nowMs() });
    const rules = {
      waitMs: (request: GovernedRequest, nowMs: number) => this.#waitMs(request, nowMs),
      departs: (request: GovernedRequest, nowMs: number) => this.#keeper.take(request, nowMs),
    };
    this.#queue = new DepartureQueue({ clock, rules });
  }

  /** Takes up the waits that an earlier process was told. */
  async load(): Promise<void> {
    const nowMs = this.#deps.clock.nowMs();
    for (const { scope, remainingMs } of await this.#deps.waits.load()) {
      if (isWaitScope(scope)) this.#waits.note(scope, nowMs + remainingMs);
    }
  }

  /**
   * Does the work as soon as manners allow. A wait that Telegram asks for is waited for and the work done again where it
   * is short; else it rejects with `NotNowError` and how long to stay away, as what is not to wait does.
   * `ChatRefusedError` where the chat is known to take nothing.
   */
  async run<T>(request: GovernedRequest, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let turn = this.#queue.pass(request, signal);
    for (let tries = 1; ; tries += 1) {
      const answered = await turn;
      try {
        const result = await work();
        this.#learnSuccess(request);
        return result;
      } catch (error) {
        this.#learnFailure(request, error);
        if (!(error instanceof TelegramWaitError) || tries >= MAX_TRIES) throw error;
        // Before those behind it are looked at: who has to do it again goes first.
        turn = this.#queue.pass(request, signal, { again: true });
      } finally {
        answered();
      }
    }
  }

  snapshot(): GovernorSnapshot {
    const nowMs = this.#deps.clock.nowMs();
    return {
      pace: this.#deps.pace,
      waits: this.#waits.list(nowMs),
      sentLastMinute: this.#sent.count(MINUTE_MS, nowMs),
      sentLastHour: this.#sent.count(HOUR_MS, nowMs),
      queued: this.#queue.length,
      coalesced: this.edits.coalesced,
      refusedChats: this.#refused.count(nowMs),
    };
  }

  #waitMs(request: GovernedRequest, nowMs: number): number {
    this.#throwIfRefused(request, nowMs);
    const waitMs = this.#waits.remainingMs(request, nowMs);
    if (waitMs > WAITED_FOR_HERE_MS[request.urgency] && mayWait(request)) {
      const spreadMs = Math.min(RETURN_EVERY_MS * this.#waits.turnAway(request, nowMs), MAX_RETURN_SPREAD_MS);
      throw new NotNowError('a wait that Telegram asked for is not over', Math.ceil(waitMs + spreadMs));
    }
    return Math.max(waitMs, this.#keeper.waitMs(request, nowMs));
  }

  /** The owner may knock all the same. */
  #throwIfRefused({ method, chat, urgency }: GovernedRequest, nowMs: number): void {
    if (chat === undefined || urgency === 'command' || (method !== 'send' && method !== 'typing')) return;
    const code = this.#refused.codeOf(peerKey(chat), nowMs);
    if (code === undefined) return;
    if (method === 'typing') throw new NotNowError(`nobody types in a chat that refuses messages with ${code}`);
    throw new ChatRefusedError(code, `this chat has refused a message with ${code} a while ago`);
  }

  #learnSuccess(request: GovernedRequest): void {
    const nowMs = this.#deps.clock.nowMs();
    if (request.method !== 'send' && request.method !== 'edit') return;
    this.#sent.add(nowMs);
    if (request.chat === undefined) return;
    // A command is a message that its owner has just sent there; that an older message can be edited shows nothing.
    if (request.method === 'send' || request.urgency === 'command') this.#refused.forget(peerKey(request.chat));
    const slowMs = this.#slowModes.waitMs(request.chat, nowMs);
    if (request.method === 'send' && slowMs > 0) this.#waits.note(sendScope(request.chat), nowMs + slowMs);
  }

  #learnFailure(request: GovernedRequest, error: unknown): void {
    if (error instanceof TelegramWaitError) this.#learnWait(request, error);
    if (error instanceof ChatRefusedError && request.method === 'send' && request.chat !== undefined) {
      this.#learnRefusal(request.chat, error.code);
    }
  }

  #learnWait(request: GovernedRequest, { retryAfterMs, within }: TelegramWaitError): void {
    const slowChat = within === 'chat' ? request.chat : undefined;
    const scope = slowChat === undefined ? scopeOf(request) : sendScope(slowChat);
    const waitMs = Math.max(retryAfterMs, SHORTEST_WAIT_MS) + MARGIN_MS;
    if (slowChat !== undefined) this.#slowModes.note(slowChat, waitMs, this.#deps.clock.nowMs());
    this.#deps.log.warn({ method: request.method, within, waitMs }, `Telegram asks to wait ${Math.ceil(retryAfterMs / 1000)} s: nothing of that kind is sent sooner`);
    this.#holdBack(scope, waitMs);
    if (scope === 'write') this.#keeper.emptyUntil(this.#deps.clock.nowMs() + waitMs);
  }

  #learnRefusal(chat: Peer, code: string): void {
    const peerFlood = code === 'PEER_FLOOD';
    this.#deps.log.warn({ chat: peerKey(chat), code }, `a chat takes nothing from this account (${code}); it is left alone for a while`);
    this.#refused.note(peerKey(chat), code, this.#deps.clock.nowMs() + (peerFlood ? PEER_FLOOD_REFUSAL_MS : REFUSAL_MS));
    if (peerFlood) this.#holdBack('send', PEER_FLOOD_PAUSE_MS);
  }

  #holdBack(scope: WaitScope, waitMs: number): void {
    const { clock, waits, log } = this.#deps;
    this.#waits.note(scope, clock.nowMs() + waitMs);
    if (waitMs <= KEPT_OVER_RESTART_MS) return;
    waits.save(scope, waitMs).catch((error: unknown) => {
      log.warn({ err: error }, `a wait would be forgotten by a restart: ${errorText(error)}`);
    });
  }
}
