import { setTimeout as delay } from 'node:timers/promises';
import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { AccountStoppedError, AppError, errorText, OfflineError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import type { Clock } from '../supervisor/clock.js';
import { type CallLimits, ClientLink, type LinkTimeouts, type TelegramApp } from './client-link.js';
import { DataCentreLinks } from './data-centre-links.js';
import { isAnswer } from './rpc-errors.js';
import { untilSilent } from './until-silent.js';

export interface GatewayTimeouts extends LinkTimeouts {
  /** One request. */
  callMs: number;
  /** Whether Telegram answers at all, asked while there is no connection. */
  reachMs: number;
  /** One part of a download. */
  chunkMs: number;
  /** The pause between two probes is random between these. */
  probeMinMs: number;
  probeMaxMs: number;
  probeDeadlineMs: number;
  /** So long nothing may come in before a light ping asks for a sign of life. */
  quietMs: number;
  /** So long the ping waits for a sign of life, whatever it is. With `quietMs`: how long a half-open link goes unnoticed. */
  pingDeadlineMs: number;
}

export const defaultTimeouts: GatewayTimeouts = {
  dialMs: 10_000,
  connectMs: 20_000,
  disconnectMs: 2_000,
  callMs: 20_000,
  reachMs: 5_000,
  chunkMs: 20_000,
  probeMinMs: 30_000,
  probeMaxMs: 60_000,
  probeDeadlineMs: 10_000,
  quietMs: 6_000,
  pingDeadlineMs: 7_000,
};

export interface ConnectionCycleOptions {
  app: TelegramApp;
  session: string;
  timeouts: GatewayTimeouts;
  log: Logger;
  /** Keys at other data centres, as string sessions by number: they outlive the cycle. Secrets. */
  foreignSessions: Map<number, string>;
  onEntities: (value: unknown) => void;
  onUpdate: (update: unknown) => void;
  /** Looked at before every request; throws where none may go out now. */
  permit: () => void;
  /** A real request that shows that the account and the connection are alive; made now and then. */
  probe: (cycle: ConnectionCycle) => Promise<void>;
}

/** For so long after the next probe is due, Telegram keeps a connection that it hears nothing on. */
const SERVER_PATIENCE_SEC = 75;

/**
 * One connection of one account, from `start` to `end`: its main link, its links to other data centres, and the probe
 * that notices when it is dead. It never reconnects; whoever owns it makes the next one.
 */
export class ConnectionCycle {
  private readonly link: ClientLink;
  private readonly foreign: DataCentreLinks;
  private ended: Promise<void> | undefined;
  private proven: number | undefined;

  constructor(private readonly options: ConnectionCycleOptions) {
    const { app, session, timeouts, log, onEntities, onUpdate } = options;
    this.link = new ClientLink({ app, session, reconnecting: 'none', timeouts, log, onEntities, onUpdate });
    this.foreign = new DataCentreLinks({
      app,
      timeouts,
      log,
      sessions: options.foreignSessions,
      callHome: (request, signal) => this.call(request, signal),
    });
  }

  /** Aborted when the cycle is over, with the error that says why. */
  get over(): AbortSignal {
    return this.link.over;
  }

  /** When anything at all was last heard from Telegram, by `performance.now()`. */
  get heardAtMs(): number {
    return this.link.heardAtMs;
  }

  /** When Telegram last answered what shows that the account lives, by `performance.now()`; undefined before the first time. */
  get provenAtMs(): number | undefined {
    return this.proven;
  }

  /** Connects and makes sure that Telegram still knows the account; resolves with the account's own user. */
  async start(signal: AbortSignal): Promise<Api.User> {
    await this.link.connect(signal);
    void this.listen();
    await this.call(new Api.updates.GetState(), signal);
    const limits = { deadlineMs: this.options.timeouts.callMs, signals: [signal] };
    const self = await this.watched(this.link.whoAmI(limits));
    this.proven = performance.now();
    void this.probeForLife();
    return self;
  }

  /** Sends a request to the account's own data centre. A stopped account ends the cycle. */
  async call<R extends Api.AnyRequest>(
    request: R,
    signal: AbortSignal,
    deadlineMs = this.options.timeouts.callMs,
  ): Promise<R['__response']> {
    this.options.permit();
    return await this.watched(this.link.call(request, { deadlineMs, signals: [signal] }));
  }

  /** Sends a request for part of a file to the data centre that has it. */
  async callAt<R extends Api.AnyRequest>(dcId: number, request: R, signal: AbortSignal): Promise<R['__response']> {
    this.options.permit();
    const limits: CallLimits = { deadlineMs: this.options.timeouts.chunkMs, signals: [signal, this.over] };
    if (dcId === this.link.dataCentreId) return await this.watched(this.link.call(request, limits));
    return await this.foreign.call(dcId, request, limits);
  }

  /** Rejects when the cycle is over, with the error that says why; never resolves. */
  untilOver(signal: AbortSignal): Promise<never> {
    return new Promise((_, reject) => {
      const signals = [this.over, signal];
      const onAbort = (event: Event): void => {
        for (const one of signals) one.removeEventListener('abort', onAbort);
        reject((event.target as AbortSignal).reason as Error);
      };
      const aborted = signals.find((one) => one.aborted);
      if (aborted !== undefined) reject(aborted.reason as Error);
      else for (const one of signals) one.addEventListener('abort', onAbort);
    });
  }

  /** Ends everything. Idempotent; bounded by `disconnectMs`. */
  end(): Promise<void> {
    this.ended ??= Promise.all([this.link.close(), this.foreign.close()]).then(() => undefined);
    return this.ended;
  }

  private async watched<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof AccountStoppedError) this.link.lose(error);
      throw error;
    }
  }

  /** Finds a link that is dead though nobody closed it, long before the next probe would. */
  private async listen(): Promise<void> {
    const { quietMs, pingDeadlineMs } = this.options.timeouts;
    const clock: Clock = {
      nowMs: () => performance.now(),
      sleep: (ms, signal) => delay(ms, undefined, { signal }),
    };
    const ping = (signal: AbortSignal): Promise<unknown> =>
      this.call(new Api.Ping({ pingId: returnBigInt(Math.trunc(clock.nowMs())) }), signal, pingDeadlineMs);
    try {
      const silentMs = await untilSilent({ clock, heardAtMs: () => this.link.heardAtMs, ping, quietMs }, this.over);
      this.link.lose(new OfflineError(`nothing was heard from Telegram for ${Math.round(silentMs / 1000)} s`));
    } catch (error) {
      if (!this.over.aborted) throw error;
    }
  }

  private async probeForLife(): Promise<void> {
    const { probeMinMs, probeMaxMs } = this.options.timeouts;
    while (!this.over.aborted) {
      const pauseMs = probeMinMs + Math.random() * (probeMaxMs - probeMinMs);
      try {
        await delay(pauseMs, undefined, { signal: this.over });
      } catch {
        // The cycle is over; the loop's condition says so.
        continue;
      }
      await this.probeOnce();
    }
  }

  /** The probe decides. The ping only sets the server's patience: a slow pong is no reason to drop a live connection. */
  private async probeOnce(): Promise<void> {
    const { probe, timeouts, log } = this.options;
    const ping = new Api.PingDelayDisconnect({
      pingId: returnBigInt(Date.now()),
      disconnectDelay: SERVER_PATIENCE_SEC + Math.ceil(timeouts.probeMaxMs / 1000),
    });
    this.call(ping, this.over, timeouts.probeDeadlineMs).catch((error: unknown) => {
      log.debug({ reason: errorText(error) }, 'no pong');
    });
    try {
      await probe(this);
      this.proven = performance.now();
    } catch (error) {
      if (isAnswer(error) && !(error instanceof AccountStoppedError)) {
        this.proven = performance.now();
        log.debug({ reason: errorText(error) }, 'the probe was refused; the connection is alive');
        return;
      }
      this.link.lose(error instanceof AppError ? error : new OfflineError('the probe failed', { cause: error }));
    }
  }
}
