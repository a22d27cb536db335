import { Api } from 'telegram';
import { AccountStoppedError, OfflineError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { sharedAbort } from '../shared-abort.js';
import { type CallLimits, ClientLink, type LinkTimeouts, type TelegramApp } from './client-link.js';
import { withinLimits } from './within-limits.js';

export interface DataCentreLinksOptions {
  app: TelegramApp;
  timeouts: LinkTimeouts;
  log: Logger;
  /** Keys that were signed in before, by data centre; new ones are added, refused ones are taken out. */
  sessions: Map<number, string>;
  /** Sends a request to the account's own data centre. */
  callHome: <R extends Api.AnyRequest>(request: R, signal: AbortSignal) => Promise<R['__response']>;
}

interface OpenLink {
  link: ClientLink;
  idle: NodeJS.Timeout;
}

const IDLE_MS = 60_000;

/**
 * Links to the data centres where other people's files lie, each opened at the first need and closed after an idle
 * minute. They stand in for the library's exported senders, which stay open for 30 s after everything else was closed,
 * dial again by themselves, and retry for ever where they fail.
 */
export class DataCentreLinks {
  private readonly links = new Map<number, Promise<OpenLink>>();
  private readonly closing = sharedAbort();

  constructor(private readonly options: DataCentreLinksOptions) {}

  /**
   * Sends a request to a data centre. A key that it refuses is forgotten: the next call makes a new one. A link on which
   * nothing came in until the deadline is closed: the next call does not wait on a dead one again.
   */
  async call<R extends Api.AnyRequest>(dcId: number, request: R, limits: CallLimits): Promise<R['__response']> {
    const signals = [...limits.signals, this.closing.signal];
    const opening = { deadlineMs: 2 * this.options.timeouts.connectMs, what: `data centre ${dcId}`, signals };
    try {
      const { link, idle } = await withinLimits(this.open(dcId), opening);
      idle.refresh();
      return await this.callOn(link, dcId, request, { ...limits, signals });
    } catch (error) {
      if (!(error instanceof AccountStoppedError)) throw error;
      this.options.sessions.delete(dcId);
      await this.drop(dcId);
      throw new RetryableError(`data centre ${dcId} refused the key`, undefined, { cause: error });
    }
  }

  private async callOn<R extends Api.AnyRequest>(
    link: ClientLink,
    dcId: number,
    request: R,
    limits: CallLimits,
  ): Promise<R['__response']> {
    const askedAtMs = performance.now();
    try {
      return await link.call(request, limits);
    } catch (error) {
      const wasSilent = link.heardAtMs < askedAtMs && performance.now() - askedAtMs >= limits.deadlineMs;
      if (wasSilent) await this.dropLost(dcId, link);
      throw error;
    }
  }

  /** Closes all links, also those that are being opened. Idempotent. */
  async close(): Promise<void> {
    this.closing.abort(new OfflineError('the connection to Telegram was ended'));
    await Promise.all([...this.links.keys()].map((dcId) => this.drop(dcId)));
  }

  private open(dcId: number): Promise<OpenLink> {
    const known = this.links.get(dcId);
    if (known !== undefined) return known;
    const opening = this.make(dcId);
    this.links.set(dcId, opening);
    opening.catch(() => this.forget(dcId, opening));
    return opening;
  }

  /** Not bound to the caller's signal: others may be waiting for the same link. */
  private async make(dcId: number): Promise<OpenLink> {
    const { app, timeouts, log, sessions } = this.options;
    const signal = this.closing.signal;
    const session = sessions.get(dcId) ?? '';
    const dataCentre = { id: dcId, ip: session === '' ? await this.addressOf(dcId, signal) : '' };
    const link = new ClientLink({ app, session, dataCentre, reconnecting: 'none', timeouts, log });
    try {
      await link.connect(signal);
      if (session === '') sessions.set(dcId, await this.bringAuthorization(dcId, link, signal));
    } catch (error) {
      await link.close();
      throw error;
    }
    const opened = { link, idle: setTimeout(() => void this.drop(dcId), IDLE_MS).unref() };
    link.over.addEventListener('abort', () => void this.dropLost(dcId, link), { once: true });
    return opened;
  }

  /** https://core.telegram.org/api/datacenter: exported at home, imported there; resolves with the signed-in session. */
  private async bringAuthorization(dcId: number, link: ClientLink, signal: AbortSignal): Promise<string> {
    const { id, bytes } = await this.options.callHome(new Api.auth.ExportAuthorization({ dcId }), signal);
    const limits = { deadlineMs: this.options.timeouts.connectMs, signals: [signal] };
    await link.call(new Api.auth.ImportAuthorization({ id, bytes }), limits);
    return link.sessionString();
  }

  private async addressOf(dcId: number, signal: AbortSignal): Promise<string> {
    const config = await this.options.callHome(new Api.help.GetConfig(), signal);
    const usable = config.dcOptions.filter(
      (one) => one.id === dcId && one.ipv6 !== true && one.cdn !== true && one.tcpoOnly !== true,
    );
    const best = usable.find((one) => one.mediaOnly !== true) ?? usable[0];
    if (best === undefined) throw new RetryableError(`Telegram names no address for data centre ${dcId}`);
    return best.ipAddress;
  }

  private forget(dcId: number, opening: Promise<OpenLink>): void {
    if (this.links.get(dcId) === opening) this.links.delete(dcId);
  }

  /** Another link may have taken the place of the lost one meanwhile. */
  private async dropLost(dcId: number, lost: ClientLink): Promise<void> {
    const current = await this.links.get(dcId)?.catch(() => undefined);
    if (current?.link === lost) await this.drop(dcId);
  }

  private async drop(dcId: number): Promise<void> {
    const opening = this.links.get(dcId);
    if (opening === undefined) return;
    this.forget(dcId, opening);
    const opened = await opening.catch(() => undefined);
    if (opened === undefined) return;
    clearTimeout(opened.idle);
    await opened.link.close();
  }
}
