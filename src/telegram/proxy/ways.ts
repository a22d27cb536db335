import { errorText, UnreachableError } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import { withinLimits } from '../within-limits.js';
import { dialMtproxy } from './dial-mtproxy.js';
import { dialSocks5 } from './dial-socks5.js';
import { nameOfProxy, type ProxyServer } from './proxy-server.js';
import { afterFailure, type Standing, tryOrder, UNTRIED } from './try-order.js';
import { connected, openSocket, type Target, type Wire } from './wire.js';

export interface WaysOptions {
  /** In order of preference; none: Telegram is dialled directly. */
  proxies: readonly ProxyServer[];
  texts: Pick<Texts['lifecycle'], 'proxyFailed'>;
  log: Logger;
  nowMs: () => number;
}

export interface DialLimits {
  deadlineMs: number;
  signal: AbortSignal;
}

interface Way {
  readonly proxy: ProxyServer;
  standing: Standing;
}

/**
 * All ways from this machine to Telegram, shared by everything that connects to it. Where there is a proxy, nothing is
 * dialled but proxies. It remembers which of them failed, and has them passed over for a while.
 */
export class Ways {
  private readonly ways: readonly Way[];
  private inUse: Way | undefined;
  private reachedAtMs = -Infinity;

  constructor(private readonly options: WaysOptions) {
    this.ways = options.proxies.map((proxy) => ({ proxy, standing: UNTRIED }));
  }

  /** The name of the proxy by which Telegram answered last, `SOCKS5 host:port`; undefined where it is dialled directly. */
  get nameInUse(): string | undefined {
    return this.inUse && nameOfProxy(this.inUse.proxy);
  }

  /** A new route, for one client of Telegram from its first dial to its end. */
  route(): Route {
    return new Route({
      order: () => tryOrder(this.ways, this.options.nowMs(), this.reachedAtMs),
      failed: (way, error) => this.failed(way, error),
      worked: (way) => this.worked(way),
    });
  }

  private worked(way: Way): void {
    way.standing = UNTRIED;
    this.inUse = way;
    this.reachedAtMs = this.options.nowMs();
  }

  private failed(way: Way, error: unknown): void {
    const { nowMs, texts, log } = this.options;
    const now = nowMs();
    const { restsUntilMs } = way.standing;
    way.standing = afterFailure(way.standing, now);
    // It was passed over already, and tried because there was nothing else.
    if (way.standing.restsUntilMs === restsUntilMs) return;
    const restSec = Math.round((way.standing.restsUntilMs - now) / 1000);
    log.warn(texts.proxyFailed(nameOfProxy(way.proxy), errorText(error), restSec));
  }
}

interface RouteOptions {
  order: () => Way[];
  failed: (way: Way, error: unknown) => void;
  worked: (way: Way) => void;
}

/**
 * The dials of one client. It knows by which proxy it went last, so that the one who finds out what became of the
 * connection can say it here: a proxy that accepts and then leads nowhere is as dead as one that refuses.
 */
export class Route {
  private current: Way | undefined;

  constructor(private readonly options: RouteOptions) {}

  /**
   * A wire to the data centre: directly where there is no proxy, else by the first proxy that opens one; `deadlineMs` is for
   * each. `UnreachableError` where none does, the signal's reason where it aborts; nothing is left open in either case.
   */
  async dial(target: Target, limits: DialLimits): Promise<Wire> {
    const ways = this.options.order();
    if (ways.length === 0) return await directly(target, limits);
    let why: unknown;
    for (const way of ways) {
      this.current = way;
      try {
        return await throughProxy(way.proxy, target, limits);
      } catch (error) {
        limits.signal.throwIfAborted();
        this.failed(error);
        why = error;
      }
    }
    throw new UnreachableError('no proxy leads to Telegram', { cause: why });
  }

  /** Telegram answered by the way that was dialled last. */
  worked(): void {
    if (this.current !== undefined) this.options.worked(this.current);
  }

  /** Telegram did not answer by the way that was dialled last, or that way was not open in time. */
  failed(error: unknown): void {
    if (this.current !== undefined) this.options.failed(this.current, error);
    this.current = undefined;
  }
}

async function directly(target: Target, limits: DialLimits): Promise<Wire> {
  const socket = openSocket(target);
  const opening = async (): Promise<Wire> => {
    await connected(socket);
    return { socket, input: socket, output: socket, transport: 'full' };
  };
  return await bounded(socket, opening(), limits).catch((error: unknown) => {
    limits.signal.throwIfAborted();
    throw new UnreachableError(`${target.host} cannot be dialled`, { cause: error });
  });
}

async function throughProxy(proxy: ProxyServer, target: Target, limits: DialLimits): Promise<Wire> {
  const socket = openSocket(proxy);
  const { deadlineMs } = limits;
  const opening = proxy.kind === 'socks5' ? dialSocks5(socket, proxy, target, deadlineMs) : dialMtproxy(socket, proxy, target);
  return await bounded(socket, opening, limits);
}

/** The wire, if it is there in time; else everything ends with its socket. */
async function bounded(socket: Wire['socket'], opening: Promise<Wire>, { deadlineMs, signal }: DialLimits): Promise<Wire> {
  try {
    return await withinLimits(opening, { deadlineMs, what: 'a dial', signals: [signal] });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
