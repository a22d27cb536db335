import { AccountStoppedError, RestartNeededError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { AccountEnd } from './account-end.js';
import type { Clock } from './clock.js';
import { ConnectionGate } from './connection-gate.js';
import type { Service } from './service-group.js';
import { superviseConnection, type Connection, type ConnectionEvents, type ReconnectPolicy } from './supervise-connection.js';

export interface AccountServiceOptions {
  connection: Connection;
  policy: ReconnectPolicy;
  texts: Texts['lifecycle'];
  /** Monotonic. */
  clock: Clock;
  /** How long the machine is up, its sleep counted. */
  uptimeMs: () => number;
  random: () => number;
  /** By which proxy the connection was made, undefined where it is a direct one. */
  way?: () => string | undefined;
  /** Called once, when it is over with the account in this process. */
  onEnd: (end: AccountEnd) => void;
  log: Logger;
}

/** One account kept online; says in the log, in the owner's language, what happens to its connection. */
export class AccountService implements Service {
  readonly name = 'telegram';
  /** Open while there is a connection. */
  readonly gate = new ConnectionGate();
  readonly #options: AccountServiceOptions;
  readonly #stopping = new AbortController();
  #supervision: Promise<void> | undefined;
  #connections = 0;

  constructor(options: AccountServiceOptions) {
    this.#options = options;
  }

  /** How often the connection was made again. */
  get reconnects(): number {
    return Math.max(0, this.#connections - 1);
  }

  /** Resolves at once; the connection is made in the background, for as long as it takes. */
  start(): Promise<void> {
    this.#supervision = this.#supervise();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    if (this.#supervision === undefined) return;
    this.#stopping.abort(new Error('the daemon is stopping'));
    await this.#supervision;
    this.#options.log.info(this.#options.texts.disconnected);
  }

  async #supervise(): Promise<void> {
    const { connection, policy, clock, uptimeMs, random, onEnd } = this.#options;
    try {
      const deps = { connection, events: this.#events(), policy, clock, uptimeMs, random };
      await superviseConnection(deps, this.#stopping.signal);
    } catch (error) {
      this.gate.close();
      if (this.#stopping.signal.aborted) return;
      if (!(error instanceof AccountStoppedError || error instanceof RestartNeededError)) throw error;
      onEnd(error);
    }
  }

  #events(): ConnectionEvents {
    const { texts, log } = this.#options;
    const seconds = (ms: number): number => Math.round(ms / 1000);
    return {
      connecting: () => log.info(texts.connecting),
      connected: () => this.#onConnected(),
      lost: (reason) => {
        this.gate.close();
        log.warn(texts.networkError(reason));
      },
      waiting: (delayMs) => log.info({ delayMs }, texts.reconnecting(seconds(delayMs))),
      waitingAsTold: (delayMs) => log.warn({ delayMs }, texts.waitingAsTold(seconds(delayMs))),
      reachable: () => log.info(texts.reachable),
      woken: (sleptMs) => log.warn({ sleptMs }, texts.stoodStill(seconds(sleptMs))),
      rebuilding: (connects) => log.warn({ connects }, texts.startingOver(connects)),
    };
  }

  #onConnected(): void {
    const { texts, log, way } = this.#options;
    this.#connections += 1;
    const by = way?.();
    log.info(by === undefined ? {} : { way: by }, texts.connected);
    if (this.#connections === 1) log.info(texts.running);
    this.gate.open();
  }
}
