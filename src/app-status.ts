import { existsSync } from 'node:fs';
import { arch, cpus, freemem, loadavg, release, totalmem } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { AppSpeech } from './app-speech.js';
import type { Store } from './app-store.js';
import { ACCOUNT_ID } from './account-id.js';
import type { Governor } from './governor/governor.js';
import type { LogLines } from './log/log-lines.js';
import type { DebugSection, Status, StatusPorts } from './modules/builtin/status/status-ports.js';
import type { EngineState } from './speech/engine-state.js';
import type { Engine } from './speech/engine.js';
import { systemClock } from './supervisor/clock.js';
import type { Incidents } from './supervisor/incidents.js';

export interface AppStatusDependencies {
  store: Store;
  speech: Pick<AppSpeech, 'engine'>;
  governor: Governor;
  incidents: Incidents;
  account: { readonly reconnects: number; readonly gate: { readonly isOpen: boolean } };
  gateway: { ping(signal: AbortSignal): Promise<number>; readonly unprovenForMs: number | undefined };
  ways: { readonly nameInUse: string | undefined };
  lines: LogLines;
  version: string;
  startedAtMs: number;
  isUnderSystemd: boolean;
  leave: StatusPorts['leave'];
}

const MIB = 1024 ** 2;
const DELAY_RESOLUTION_MS = 20;

/** Part of the composition root: what the module `status` sees of the program. */
export function appStatus(deps: AppStatusDependencies): Omit<StatusPorts, 'takesVoices'> {
  const delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS });
  delay.enable();
  return {
    ping: (signal) => deps.gateway.ping(signal),
    status: () => statusOf(deps),
    debug: async () => {
      const status = await statusOf(deps);
      return [
        processFacts(deps.version),
        memoryFacts(),
        ['event loop', { 'delay p50': delayMs(delay.percentile(50)), 'delay p99': delayMs(delay.percentile(99)), 'delay max': delayMs(delay.max), busy: `${Math.round(performance.eventLoopUtilization().utilization * 100)} %` }],
        accountFacts(deps, status),
        await redisFacts(deps.store),
        engineFacts(status.engine),
        ['voices', { ...status.queue, ...status.outcomes, 'dead letters': status.deadLetters, 'audio hours': (status.audioMs / 3_600_000).toFixed(2) }],
        governorFacts(status.governor),
        ['errors got over', { ...status.incidents }],
      ];
    },
    log: (level) => deps.lines.newest(level),
    startedBy: startedBy(deps.isUnderSystemd),
    leave: deps.leave,
  };
}

async function statusOf({ store, speech, governor, incidents, account, ways, version, startedAtMs }: AppStatusDependencies): Promise<Status> {
  return {
    uptimeMs: systemClock.nowMs() - startedAtMs,
    memoryBytes: process.memoryUsage.rss(),
    engine: await engineState(speech.engine),
    nowMs: systemClock.nowMs(),
    tracked: { people: await store.tracked.count(ACCOUNT_ID), chats: await store.trackedChats.count(ACCOUNT_ID) },
    queue: await store.queue.counts(),
    outcomes: await store.transcripts.outcomes(ACCOUNT_ID),
    audioMs: await store.transcripts.audioMs(ACCOUNT_ID),
    deadLetters: await store.deadLetters.count(ACCOUNT_ID),
    incidents: incidents.snapshot(),
    governor: governor.snapshot(),
    reconnects: account.reconnects,
    proxy: ways.nameInUse,
    version,
  };
}

async function engineState(engine: Engine): Promise<EngineState> {
  return (await engine.state?.()) ?? { engine: engine.name, model: engine.model, loaded: engine.loaded };
}

/** Docker's own init is the parent of the program in its image; a shell in some container restarts nothing. */
function startedBy(isUnderSystemd: boolean): StatusPorts['startedBy'] {
  if (isUnderSystemd) return 'systemd';
  const isContainer = existsSync('/.dockerenv') || existsSync('/run/.containerenv');
  return isContainer && process.ppid === 1 ? 'docker' : undefined;
}

function processFacts(version: string): DebugSection {
  const { user, system } = process.cpuUsage();
  return [
    'process',
    {
      gramscribe: version,
      node: process.version,
      system: `${process.platform} ${release()} ${arch()}`,
      pid: process.pid,
      uptime: `${Math.round(process.uptime())} s`,
      'cpu used': `${Math.round((user + system) / 1e6)} s`,
      processors: cpus().length,
      load: loadavg().map((value) => value.toFixed(2)).join(' '),
    },
  ];
}

function memoryFacts(): DebugSection {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  return [
    'memory',
    { process: mib(rss), heap: `${mib(heapUsed)} of ${mib(heapTotal)}`, external: mib(external), buffers: mib(arrayBuffers), machine: `${mib(freemem())} free of ${mib(totalmem())}` },
  ];
}

function accountFacts({ account, gateway }: AppStatusDependencies, { proxy, reconnects }: Status): DebugSection {
  const { unprovenForMs } = gateway;
  return [
    `account ${ACCOUNT_ID}`,
    { connected: account.gate.isOpen, reconnects, 'last proof': unprovenForMs === undefined ? undefined : `${Math.round(unprovenForMs / 1000)} s ago`, proxy },
  ];
}

async function redisFacts({ redis }: Store): Promise<DebugSection> {
  const askedAtMs = performance.now();
  const info = await redis.info();
  const tookMs = performance.now() - askedAtMs;
  const fact = (name: string): string | undefined => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim();
  return [
    'redis',
    {
      version: fact('redis_version'),
      answer: `${tookMs.toFixed(1)} ms`,
      memory: fact('used_memory_human'),
      uptime: `${fact('uptime_in_seconds') ?? '?'} s`,
      'append-only file': fact('aof_enabled') === '1',
      'last write': fact('aof_last_write_status'),
    },
  ];
}

function engineFacts({ lastRestart, resting, memoryBytes, realTimeFactor, ...engine }: EngineState): DebugSection {
  const restart = lastRestart && { 'last restart': `${lastRestart.cause}, ${new Date(lastRestart.atMs).toISOString()}` };
  const speed = realTimeFactor === undefined ? {} : { 'real time factor': realTimeFactor.toFixed(3) };
  return ['engine', { ...engine, ...speed, ...(memoryBytes && { memory: mib(memoryBytes) }), ...restart, ...(resting?.length && { resting: resting.join(', ') }) }];
}

function governorFacts({ waits, ...governor }: Status['governor']): DebugSection {
  const asked = waits.map(({ kind, chatKind, remainingMs }) => `${kind}${chatKind === undefined ? '' : ` in a ${chatKind}`} ${Math.ceil(remainingMs / 1000)} s`);
  return ['governor', { ...governor, waits: asked.length === 0 ? 'none' : asked.join(', ') }];
}

function mib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}

function delayMs(nanoseconds: number): string {
  return `${(nanoseconds / 1e6 - DELAY_RESOLUTION_MS).toFixed(1)} ms`;
}
