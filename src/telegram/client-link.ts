import { type Api, TelegramClient } from 'telegram';
import { Raw } from 'telegram/events/index.js';
import { AccountStoppedError, AppError, errorText, OfflineError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { BoundedSession } from './bounded-session.js';
import { Fence, fencedSocketClass } from './fence.js';
import { guardedConnectionClass } from './guarded-connection.js';
import { LibraryLog } from './library-log.js';
import { watchMessageIds } from './watch-message-ids.js';
import { takeWholeContainers } from './whole-containers.js';
import type { Route, Ways } from './proxy/ways.js';
import { isAnswer, translateError } from './rpc-errors.js';
import { type TestDataCentres, trustOnly } from './test-data-centres.js';
import { withinLimits } from './within-limits.js';

export interface TelegramApp {
  apiId: number;
  apiHash: string;
  testDc?: TestDataCentres | undefined;
  /** By which everything goes to Telegram, and nothing around them. */
  ways: Ways;
}

export interface LinkTimeouts {
  dialMs: number;
  /** Dial, handshake where the key is new, and the first answer. */
  connectMs: number;
  disconnectMs: number;
}

export interface ClientLinkOptions {
  app: TelegramApp;
  /** A string session; empty for a new key at `dataCentre`. */
  session: string;
  /** Where a link with no session goes. */
  dataCentre?: { id: number; ip: string };
  /**
   * `none`: the link ends with its first connection, and whoever owns it makes the next. `library`: the library dials
   * again by itself; for sign-in, which waits for a person and changes data centres on the way.
   */
  reconnecting: 'none' | 'library';
  timeouts: LinkTimeouts;
  log: Logger;
  /** Everything that the library read: users and chats are taken from it. */
  onEntities?: (value: unknown) => void;
  /** Updates, one by one; called after `onEntities` saw them. */
  onUpdate?: (update: unknown) => void;
}

export interface CallLimits {
  deadlineMs: number;
  signals: readonly AbortSignal[];
}

const HTTPS_PORT = 443;
const KEY_NOT_FOUND = -404;

/** Names of fields of the library that no type of it shows; all are harmless where they do not exist. */
interface LibraryInternals {
  _loopStarted?: boolean;
  _entityCache?: { add(value: unknown): void };
  updateManager?: unknown;
  _switchDC?: (dataCentreId: number) => Promise<unknown>;
}

/**
 * One client of the library with one auth key at one data centre, from `connect` to `close`. Everything that the
 * library may do by itself happens behind a fence; every wait has a deadline and ends at once when the link is over.
 */
export class ClientLink {
  private readonly fence = new Fence();
  private readonly route: Route;
  private readonly session: BoundedSession;
  private readonly client: TelegramClient;
  private closed: Promise<void> | undefined;
  private heard = performance.now();
  private lastError: unknown;

  constructor(private readonly options: ClientLinkOptions) {
    const { app, dataCentre, onUpdate } = options;
    this.route = app.ways.route();
    if (app.testDc !== undefined) trustOnly(app.testDc, options.log);
    this.session = new BoundedSession(options.session, (value) => options.onEntities?.(value));
    if (options.session === '' && dataCentre !== undefined) {
      this.session.setDC(dataCentre.id, dataCentre.ip, HTTPS_PORT);
    }
    this.client = this.createClient();
    if (onUpdate !== undefined) this.client.addEventHandler(onUpdate, new Raw({}));
  }

  /** Aborted when the link is over; its reason is the error: `AccountStoppedError` or `RetryableError`. */
  get over(): AbortSignal {
    return this.fence.signal;
  }

  /** When bytes last came in, by `performance.now()`. */
  get heardAtMs(): number {
    return this.heard;
  }

  get dataCentreId(): number {
    return this.session.dcId;
  }

  /** The session as it is now, for whoever keeps it. A secret. */
  sessionString(): string {
    return this.session.save();
  }

  async connect(signal: AbortSignal): Promise<void> {
    for (const one of [this.over, signal]) one.throwIfAborted();
    const limits = { deadlineMs: this.options.timeouts.connectMs, what: 'connecting', signals: [this.over, signal] };
    try {
      const connected = await this.translated(withinLimits(this.client.connect(), limits), signal);
      if (!connected) throw translateError(this.lastError ?? new RetryableError('Telegram cannot be reached'));
      takeWholeContainers(this.client);
      watchMessageIds(this.client, (code) => this.lose(new OfflineError(`Telegram takes no more messages of this session (${code})`)));
      this.route.worked();
    } catch (error) {
      const isOurs = signal.aborted || this.closed !== undefined;
      const isVerdict = !isOurs && !isAnswer(error) && !(error instanceof AccountStoppedError);
      if (isVerdict) this.route.failed(error);
      throw error;
    }
  }

  /** Sends a request; the answer, or the error in our own terms. */
  async call<R extends Api.AnyRequest>(request: R, limits: CallLimits): Promise<R['__response']> {
    const signals = [this.over, ...limits.signals];
    for (const signal of signals) signal.throwIfAborted();
    const waiting = { deadlineMs: limits.deadlineMs, what: request.className, signals };
    return await this.translated(withinLimits(this.client.invoke(request), waiting), ...limits.signals);
  }

  /** Who is signed in. Asked through the library, which would ask again by itself before the first update otherwise. */
  async whoAmI(limits: CallLimits): Promise<Api.User> {
    const waiting = { deadlineMs: limits.deadlineMs, what: 'users.GetUsers', signals: [this.over, ...limits.signals] };
    return await this.translated(withinLimits(this.client.getMe(), waiting), ...limits.signals);
  }

  /** Ends the link: `reason` is what everyone who waits is told. Returns at once; `close` waits for the end. */
  lose(reason: Error): void {
    this.fence.close(reason);
  }

  /** Ends everything: sockets, timers, loops. Idempotent, and never takes longer than its deadline. */
  close(): Promise<void> {
    this.closed ??= this.destroy();
    return this.closed;
  }

  private async destroy(): Promise<void> {
    this.lose(new OfflineError('the connection to Telegram was ended'));
    const { log, timeouts } = this.options;
    try {
      await withinLimits(this.client.destroy(), { deadlineMs: timeouts.disconnectMs, what: 'destroy', signals: [] });
    } catch (error) {
      log.debug({ reason: errorText(error) }, 'the client library did not end in order');
    }
  }

  private createClient(): TelegramClient {
    const { app, log, reconnecting, timeouts } = this.options;
    const alone = reconnecting === 'none';
    const client = new TelegramClient(this.session, app.apiId, app.apiHash, {
      baseLogger: new LibraryLog(log),
      connection: guardedConnectionClass({
        testDc: app.testDc,
        onTransportError: (code) => this.onTransportError(code),
      }),
      networkSocket: fencedSocketClass({
        fence: this.fence,
        route: this.route,
        dialTimeoutMs: timeouts.dialMs,
        onBytes: () => {
          this.heard = performance.now();
        },
        onClosed: () => {
          if (alone) this.lose(new OfflineError('the connection to Telegram was closed'));
        },
      }),
      // Making a new key fails one time in 256 with GramJS (a leading zero byte), hence the two attempts more.
      connectionRetries: this.options.session === '' ? 3 : 1,
      retryDelay: alone ? 1 : 1000,
      // Fewer than none: GramJS then gives up at once when the connection breaks, and rejects what was under way.
      reconnectRetries: alone ? -1 : Number.POSITIVE_INFINITY,
      // A wait of 0 s is a wait too: the library would ask again at once, up to five times.
      floodSleepThreshold: -1,
      securityChecks: true,
      deviceModel: 'Gramscribe',
    });
    client.onError = (error) => {
      this.lastError = error;
      log.debug({ reason: errorText(error) }, 'the client library reports an error');
      return Promise.resolve();
    };
    tame(client, { alone, takesUpdates: this.options.onUpdate !== undefined });
    if (alone) stayAtHome(client, (error) => this.lose(error));
    return client;
  }

  private onTransportError(code: number): void {
    if (code === KEY_NOT_FOUND) {
      this.lose(new AccountStoppedError('AUTH_KEY_NOT_FOUND', 'Telegram does not know this session any more'));
    } else {
      this.lose(new RetryableError(`Telegram answered transport error ${code}`));
    }
  }

  /** An abort keeps its reason whatever that is; anything else becomes one of our errors. */
  private async translated<T>(work: Promise<T>, ...signals: AbortSignal[]): Promise<T> {
    try {
      return await work;
    } catch (error) {
      const aborted = signals.find((signal) => signal.aborted);
      if (aborted !== undefined) throw aborted.reason;
      throw this.over.aborted && !(error instanceof AppError) ? (this.over.reason as Error) : translateError(error);
    }
  }
}

/**
 * Switches off what the library does behind our back. Its entity cache has no bound in GramJS; all peers here carry
 * their access hash, so nothing is ever looked up in it. Its update loop only pings in GramJS: with a deadline of 3 s
 * that tears healthy connections down, and asking the server to keep dead ones for 60 000 s; the probe does both
 * better. Where there is an update manager (teleproto) that loop also runs it, so there it stays where updates are taken.
 */
function tame(client: TelegramClient, link: { alone: boolean; takesUpdates: boolean }): void {
  const internals = client as unknown as LibraryInternals;
  if (internals._entityCache !== undefined) internals._entityCache.add = () => undefined;
  const needsLoop = link.takesUpdates && internals.updateManager !== undefined;
  if (link.alone && !needsLoop) internals._loopStarted = true;
}

/**
 * Where Telegram says that the account lives at another data centre now, the library would throw the session's key away and
 * go there as a stranger, again and again. Only a new sign-in helps, so the account stops and the session stays as it is.
 */
function stayAtHome(client: TelegramClient, lose: (error: Error) => void): void {
  (client as unknown as LibraryInternals)._switchDC = (dataCentreId) => {
    const moved = new AccountStoppedError(
      `USER_MIGRATE_${dataCentreId}`,
      `the account has moved to data centre ${dataCentreId}; this session belongs to the old one`,
    );
    lose(moved);
    return Promise.reject(moved);
  };
}
