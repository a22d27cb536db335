import { AccountStoppedError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { RECONNECT_BACKOFF } from './backoff.js';
import type { Clock } from './clock.js';
import { ConnectionGate } from './connection-gate.js';
import type { Service } from './service-group.js';
import { superviseConnection, type Connection } from './supervise-connection.js';

const STABLE_MS = 60_000;

export interface AccountServiceOptions {
  connection: Connection;
  texts: Texts['lifecycle'];
  clock: Clock;
  random: () => number;
  /** By which proxy the connection was made, undefined where it is a direct one. */
  way?: () => string | undefined;
  /** Called once, when Telegram refuses the account for good. */
  onStopped: (error: AccountStoppedError) => void;
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
    const { connection, clock, random, texts, log, onStopped } = this.#options;
    const events = {
      connecting: () => log.info(texts.connecting),
      connected: () => this.#onConnected(),
      lost: (reason: string) => {
        this.gate.close();
        log.warn(texts.networkError(reason));
      },
      waiting: (delayMs: number) => log.info({ delayMs }, texts.reconnecting(Math.round(delayMs / 1000))),
    };
    try {
      const backoff = RECONNECT_BACKOFF;
      await superviseConnection({ connection, events, backoff, stableMs: STABLE_MS, clock, random }, this.#stopping.signal);
    } catch (error) {
      this.gate.close();
      if (this.#stopping.signal.aborted) return;
      if (!(error instanceof AccountStoppedError)) throw error;
      log.fatal({ err: error }, texts.accountStopped(error.code));
      onStopped(error);
    }
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
