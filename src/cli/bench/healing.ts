import { uptime } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { TcpProxy } from '../../sandbox/proxy/tcp-proxy.js';
import { Sandbox } from '../../sandbox/sandbox.js';
import { textsFor } from '../../i18n/texts.js';
import type { Logger } from '../../log/logger.js';
import { monotonicClock } from '../../supervisor/clock.js';
import { superviseConnection } from '../../supervisor/supervise-connection.js';
import type { GatewayTimeouts } from '../../telegram/connection-cycle.js';
import { GramjsGateway } from '../../telegram/gramjs-gateway.js';
import { Ways } from '../../telegram/proxy/ways.js';
import { parseTestDataCentres } from '../../telegram/test-data-centres.js';

/** What can be done to the connection: to the wire, or to the server behind it. */
export interface Fault {
  name: string;
  begin(hands: Hands): Promise<void> | void;
  end?(hands: Hands): Promise<void> | void;
  /** How long it lasts; 0 where it is done at once, or goes on. */
  forMs: number;
}

interface Hands {
  wire: TcpProxy;
  sandbox: Sandbox;
}

/** Milliseconds; undefined where the connection was never lost. */
export interface Healing {
  fault: string;
  /** From the beginning of the fault until the daemon knew. */
  noticedMs?: number;
  /** From the end of the fault, where it has one, or from when it was noticed, if that is later, until the connection stood again. */
  healedMs?: number;
}

const HOUR_MS = 3_600_000;

export const faults: readonly Fault[] = [
  { name: 'cut', forMs: 0, begin: ({ wire }) => wire.cut('rst') },
  {
    name: 'cut, dials refused for 5 s',
    forMs: 5000,
    begin: async ({ wire }) => {
      await wire.refuse(true);
      wire.cut('rst');
    },
    end: ({ wire }) => wire.refuse(false),
  },
  { name: 'half-open: a router forgot the connection', forMs: 0, begin: ({ wire }) => wire.forget() },
  {
    name: 'black hole for 30 s: dials are taken, nothing passes',
    forMs: 30_000,
    begin: ({ wire }) => wire.shape({ kind: 'held' }),
    end: ({ wire }) => wire.shape({ kind: 'free' }),
  },
  {
    name: 'the server accepts and says nothing for 40 s',
    forMs: 40_000,
    begin: ({ sandbox }) => sandbox.faults.connection().mute(true),
    end: ({ sandbox }) => sandbox.faults.connection().mute(false),
  },
  {
    name: 'pongs 4 s late, for 40 s',
    forMs: 40_000,
    begin: ({ sandbox }) => void (sandbox.faults.connection().pongDelayMs = 4000),
    end: ({ sandbox }) => void (sandbox.faults.connection().pongDelayMs = 0),
  },
  { name: 'Telegram’s clock goes 5 h on', forMs: 0, begin: ({ sandbox }) => void (sandbox.faults.connection().clockSkewMs = 5 * HOUR_MS) },
  { name: 'Telegram’s clock goes 5 h back', forMs: 0, begin: ({ sandbox }) => void (sandbox.faults.connection().clockSkewMs = -5 * HOUR_MS) },
];

/** Shows how soon connections that break in every way are noticed and made again; about a minute, all at once. */
export async function benchHealing(log: Logger, signal: AbortSignal): Promise<number> {
  console.log(healingTable(await Promise.all(faults.map((fault) => measureHealing(fault, { log }, signal)))));
  return 0;
}

/** Does this to a connection of the real client, under the real supervisor, and watches it heal. */
export async function measureHealing(
  fault: Fault,
  { log, timeouts = {} }: { log: Logger; timeouts?: Partial<GatewayTimeouts> },
  signal: AbortSignal,
): Promise<Healing> {
  const sandbox = await Sandbox.start({ log });
  const [home = '', ...others] = sandbox.testDc.split(',');
  const wire = new TcpProxy(Number(home.split(':').at(-1)));
  const addresses = [`127.0.0.1:${await wire.start()}`, ...others].join(',');
  const gateway: GramjsGateway = new GramjsGateway({
    accountId: 'main',
    apiId: 1,
    apiHash: 'bench',
    session: sandbox.stringSession(sandbox.addUser({ firstName: 'Owner' })),
    testDc: parseTestDataCentres(addresses, sandbox.publicKeyPem),
    ways: new Ways({ proxies: [], texts: textsFor('en').lifecycle, log, nowMs: () => performance.now() }),
    log,
    updates: () => ({
      onEvent: () => undefined,
      onNews: () => undefined,
      onWriting: () => undefined,
      onWritten: () => undefined,
      onConnected: () => undefined,
      probe: async (_deadlineMs, until) => {
        await gateway.currentState(until);
      },
    }),
    timeouts,
  });
  const history = new ConnectionHistory();
  const stop = new AbortController();
  const supervision = superviseConnection(
    {
      connection: gateway,
      events: history.events,
      policy: { backoff: { firstMs: 5000, maxMs: 300_000, jitter: 0.2 }, stableMs: 60_000, leaveAfterMs: HOUR_MS },
      clock: monotonicClock,
      uptimeMs: () => uptime() * 1000,
      random: () => Math.random(),
    },
    AbortSignal.any([signal, stop.signal]),
  ).catch(() => undefined); // It ends by the stop below, or by the caller's.
  try {
    await history.untilConnectedSince(0, signal);
    const beganAtMs = performance.now();
    await fault.begin({ wire, sandbox });
    await sleep(fault.forMs, undefined, { signal });
    await fault.end?.({ wire, sandbox });
    const endedAtMs = performance.now();
    const lostAtMs = await history.lostSince(beganAtMs, signal);
    if (lostAtMs === undefined) return { fault: fault.name };
    const healedAtMs = await history.untilConnectedSince(lostAtMs, signal);
    const couldHealAtMs = fault.end === undefined ? lostAtMs : Math.max(endedAtMs, lostAtMs);
    return { fault: fault.name, noticedMs: lostAtMs - beganAtMs, healedMs: healedAtMs - couldHealAtMs };
  } finally {
    stop.abort();
    await supervision;
    await wire.stop();
    await sandbox.stop();
  }
}

const POLL_MS = 10;
/** Longer than anything may go unnoticed. */
const NOTICE_MS = 20_000;

/** When the connection stood and when it was lost, by `performance.now()`. */
class ConnectionHistory {
  readonly #connectedAtMs: number[] = [];
  readonly #lostAtMs: number[] = [];

  readonly events = {
    connecting: () => undefined,
    connected: () => void this.#connectedAtMs.push(performance.now()),
    lost: () => void this.#lostAtMs.push(performance.now()),
    waiting: () => undefined,
    waitingAsTold: () => undefined,
    reachable: () => undefined,
    woken: () => undefined,
    rebuilding: () => undefined,
  };

  async untilConnectedSince(sinceMs: number, signal: AbortSignal): Promise<number> {
    for (;;) {
      const found = this.#connectedAtMs.find((atMs) => atMs >= sinceMs);
      if (found !== undefined) return found;
      await sleep(POLL_MS, undefined, { signal });
    }
  }

  /** Undefined where it is not lost within the time in which everything must be noticed. */
  async lostSince(sinceMs: number, signal: AbortSignal): Promise<number | undefined> {
    for (const untilMs = sinceMs + NOTICE_MS; ; ) {
      const found = this.#lostAtMs.find((atMs) => atMs >= sinceMs);
      if (found !== undefined || performance.now() >= untilMs) return found;
      await sleep(POLL_MS, undefined, { signal });
    }
  }
}

/** As Markdown, seconds. */
export function healingTable(healings: readonly Healing[]): string {
  const seconds = (ms: number | undefined): string => (ms === undefined ? '–' : `${(ms / 1000).toFixed(1)} s`);
  return [
    '| fault | noticed after | connected again after its end |',
    '| --- | ---: | ---: |',
    ...healings.map(({ fault, noticedMs, healedMs }) =>
      noticedMs === undefined ? `| ${fault} | not lost | – |` : `| ${fault} | ${seconds(noticedMs)} | ${seconds(healedMs)} |`,
    ),
    '',
  ].join('\n');
}
