import { setTimeout as sleep } from 'node:timers/promises';
import { WaitTimeoutError } from '../control/wait-for.js';
import type { SandboxMessage } from '../control/views.js';
import type { Direction } from '../proxy/tcp-proxy.js';
import type { Arena } from './arena.js';
import { describeFault, type Fault } from './fault.js';
import { childrenOf, figuresOf } from './process-tree.js';

export interface Blow {
  fault: Fault;
  lastsMs: number;
  /** The voice that it comes with. */
  voice: SandboxMessage;
  /** Drawn for whatever else is left to chance, 0…1. */
  chance: number;
  /** Called when the fault takes hold: what waits for a certain call may come late, or never. */
  onStruck: () => void;
}

/** How long a fault waits for the call at which it is to strike. */
const BOUNDARY_WAIT_MS = 15_000;
const HOUR_MS = 3_600_000;
const BOTH_WIRES = [2, 4] as const;

/** Does it; resolves when all is well again around the daemon, or, without `onStruck`, when it could not be done. */
export async function strike(blow: Blow, arena: Arena, signal: AbortSignal): Promise<void> {
  const { fault, onStruck } = blow;
  switch (fault.kind) {
    case 'cut-at':
    case 'kill-at':
      return atBoundary(fault, blow, arena, signal);
    case 'engine':
      return strikeEngine(fault.how, blow, arena, signal);
    default:
      onStruck();
      await (isOfMachine(fault) ? strikeMachine(fault, blow, arena, signal) : strikeOutside(fault, blow, arena, signal));
  }
}

type OfMachine = Extract<Fault, { kind: 'kill' | 'kill-while-starting' | 'terminate' | 'freeze' | 'redis' | 'power-cut' }>;
type Boundary = Extract<Fault, { kind: 'cut-at' | 'kill-at' }>;
type Outside = Exclude<Fault, OfMachine | Boundary | { kind: 'engine' }>;

function isOfMachine(fault: Exclude<Fault, Boundary | { kind: 'engine' }>): fault is OfMachine {
  return ['kill', 'kill-while-starting', 'terminate', 'freeze', 'redis', 'power-cut'].includes(fault.kind);
}

async function atBoundary(fault: Boundary, { lastsMs, onStruck }: Blow, arena: Arena, signal: AbortSignal): Promise<void> {
  const { sandbox, daemon, owner } = arena;
  const { method, takesEffect } = fault;
  const isCut = fault.kind === 'cut-at';
  const action = { kind: isCut ? ('cut' as const) : ('silence' as const), takesEffect };
  const takeBack = sandbox.faults.add(method, action, { times: 1, userId: owner.id });
  try {
    await sandbox.rpcLog.next(method, { timeoutMs: BOUNDARY_WAIT_MS, userId: owner.id }, signal);
  } catch (error) {
    takeBack();
    if (error instanceof WaitTimeoutError) return;
    throw error;
  }
  onStruck();
  if (!isCut) await daemon.restart('SIGKILL', { downMs: lastsMs, cause: describeFault(fault) }, signal);
}

async function strikeMachine(fault: OfMachine, blow: Blow, { daemon, redis }: Arena, signal: AbortSignal): Promise<void> {
  const { lastsMs } = blow;
  const cause = describeFault(fault);
  switch (fault.kind) {
    case 'kill':
      return daemon.restart('SIGKILL', { downMs: lastsMs, cause }, signal);
    case 'kill-while-starting':
      await daemon.restart('SIGKILL', { downMs: 100, cause }, signal);
      // Anywhere from its first line to the first voice.
      await sleep(3000 * blow.chance, undefined, { signal });
      return daemon.restart('SIGKILL', { downMs: lastsMs, cause }, signal);
    case 'terminate':
      return daemon.restart('SIGTERM', { downMs: lastsMs, cause }, signal);
    case 'freeze':
      daemon.signal('SIGSTOP');
      await sleep(lastsMs, undefined, { signal });
      daemon.signal('SIGCONT');
      return;
    case 'redis':
      return strikeRedis(fault.how, blow, { daemon, redis }, signal);
    case 'power-cut': {
      const pid = await redis.pid(signal);
      const atMs = Date.now();
      const isBack = daemon.restart('SIGKILL', { downMs: lastsMs + 500, cause }, signal);
      send(pid, 'SIGKILL');
      await untilGone(pid, signal);
      await redis.loseLastSecond(atMs, blow.chance);
      return isBack;
    }
  }
}

type RedisBlow = Extract<Fault, { kind: 'redis' }>['how'];

async function strikeRedis(how: RedisBlow, { lastsMs, chance }: Blow, { daemon, redis }: Pick<Arena, 'daemon' | 'redis'>, signal: AbortSignal): Promise<void> {
  const pid = await redis.pid(signal);
  if (how === 'terminate' || how === 'kill') {
    send(pid, how === 'kill' ? 'SIGKILL' : 'SIGTERM');
    return;
  }
  if (how === 'freeze') {
    send(pid, 'SIGSTOP');
    await sleep(lastsMs, undefined, { signal });
    send(pid, 'SIGCONT');
    return;
  }
  // As on a machine of its own that loses power: the daemon must not start it again before the file is cut.
  daemon.signal('SIGSTOP');
  try {
    const atMs = Date.now();
    send(pid, 'SIGKILL');
    await untilGone(pid, signal);
    await redis.loseLastSecond(atMs, chance);
    await sleep(lastsMs, undefined, { signal });
  } finally {
    daemon.signal('SIGCONT');
  }
}

type EngineBlow = Extract<Fault, { kind: 'engine' }>['how'];

async function strikeEngine(how: EngineBlow, { lastsMs, onStruck }: Blow, { daemon }: Arena, signal: AbortSignal): Promise<void> {
  const { pid } = await daemon.untilUp(signal);
  const [engine] = await childrenOf(pid, 'whisper-server');
  if (engine === undefined) return;
  onStruck();
  send(engine, how === 'kill' ? 'SIGKILL' : 'SIGSTOP');
  if (how === 'freeze') {
    await sleep(lastsMs, undefined, { signal });
    send(engine, 'SIGCONT');
  }
}

async function strikeOutside(fault: Outside, { lastsMs, voice }: Blow, arena: Arena, signal: AbortSignal): Promise<void> {
  const { sandbox, owner, places } = arena;
  const wires = Object.values(arena.wires);
  switch (fault.kind) {
    case 'cut':
      for (const wire of wires) wire.cut(fault.how);
      return;
    case 'refuse':
      for (const wire of wires) await wire.refuse(true);
      for (const wire of wires) wire.cut('rst');
      await sleep(lastsMs, undefined, { signal });
      for (const wire of wires) await wire.refuse(false);
      return;
    case 'half-open':
      for (const wire of wires) wire.forget();
      return;
    case 'black-hole':
      return shaped(arena, { kind: 'held' }, { lastsMs, directions: fault.directions }, signal);
    case 'slow':
      return shaped(arena, { kind: 'slow', bytesPerSecond: fault.bytesPerSecond }, { lastsMs }, signal);
    case 'late':
      return shaped(arena, { kind: 'late', ms: fault.ms }, { lastsMs }, signal);
    case 'refusal': {
      const { method, code, message, times } = fault;
      sandbox.faults.failNext(method, { code, message }, times);
      return;
    }
    case 'move-file':
      sandbox.faults.moveFile(voice, voice.media?.dcId === 2 ? 4 : 2);
      return;
    case 'expire-references':
      sandbox.faults.expireFileReferences('all');
      return;
    case 'lose-updates':
      sandbox.faults.loseUpdates(owner);
      await sleep(lastsMs, undefined, { signal });
      sandbox.faults.loseUpdates(owner, false);
      if (fault.then === 'too-long') sandbox.faults.pushTooLong(owner);
      if (fault.then === 'forgotten') sandbox.faults.forgetUpdatesOf(owner);
      if (fault.then === 'channels-forgotten') for (const key of [places.family, places.work]) sandbox.faults.forgetUpdatesIn(key);
      return;
    case 'clock':
      for (const dc of BOTH_WIRES) sandbox.faults.connection(dc).clockSkewMs = fault.hours * HOUR_MS;
      await sleep(lastsMs, undefined, { signal });
      for (const dc of BOTH_WIRES) sandbox.faults.connection(dc).clockSkewMs = 0;
      return;
    case 'close-sessions':
      sandbox.faults.closeSessionsOf(owner);
      return;
  }
}

type Passage = Parameters<Arena['wires'][2]['shape']>[0];

async function shaped({ wires }: Arena, passage: Passage, { lastsMs, directions }: { lastsMs: number; directions?: Direction[] }, signal: AbortSignal): Promise<void> {
  for (const wire of Object.values(wires)) wire.shape(passage, directions);
  await sleep(lastsMs, undefined, { signal });
  for (const wire of Object.values(wires)) wire.shape({ kind: 'free' }, directions);
}

async function untilGone(pid: number, signal: AbortSignal): Promise<void> {
  while (await isThere(pid)) await sleep(10, undefined, { signal });
}

/** A zombie is gone: it has no file open any more. */
async function isThere(pid: number): Promise<boolean> {
  return (await figuresOf(pid)) !== undefined;
}

/** One that is gone meanwhile (the daemon has had enough of it, or another fault was first) needs no signal. */
function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ESRCH';
    if (!isGone) throw error;
  }
}
