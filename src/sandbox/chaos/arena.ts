import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED_MODEL } from '../../setup/model-catalogue.mjs';
import type { Logger } from '../../log/logger.js';
import { RedisServer } from '../../store/redis-server.js';
import type { Service } from '../../supervisor/service-group.js';
import type { SandboxMessage, SandboxUser } from '../control/views.js';
import { daemonEnvironment } from '../demo/daemon-environment.js';
import { endDaemon } from '../demo/end-daemon.js';
import { TcpProxy } from '../proxy/tcp-proxy.js';
import { Sandbox } from '../sandbox.js';
import type { Place, Speaker } from './chaos-plan.js';
import { DaemonRunner } from './daemon-runner.js';
import { RedisHand } from './redis-hand.js';

export interface ArenaOptions {
  /** Exists, is empty and belongs to the arena. */
  folder: string;
  /** Path of the compiled program; ours without it. */
  main?: string;
  /** Our own environment. */
  environment: Readonly<Record<string, string | undefined>>;
  /** Of the daemon: changes against a plain one. */
  settings?: Readonly<Record<string, string>>;
  log: Logger;
}

/** Takes part in a start and stop in order. */
export type Begin = (service: Service) => Promise<void>;

/** A whole world to break things in: Telegram, people, the wires to it, and the daemon in a process of its own. */
export interface Arena {
  folder: string;
  sandbox: Sandbox;
  owner: SandboxUser;
  people: Record<Speaker, SandboxUser>;
  /** Chat keys. */
  places: Record<Place, string>;
  wires: Record<2 | 4, TcpProxy>;
  daemon: DaemonRunner;
  redis: RedisHand;
  /** What the daemon has written to its log, in a file. */
  logFile: string;
}

const TRACK_DEADLINE_MS = 15_000;
const TRACK_TRIES = 8;

/** Builds it and starts the daemon; `begin` keeps what has to be stopped. Resolves when three people are tracked. */
export async function openArena(options: ArenaOptions, begin: Begin, signal: AbortSignal): Promise<Arena> {
  const { folder, log } = options;
  const sandbox = await Sandbox.start({ log });
  await begin({ name: 'sandbox', start: nothing, stop: () => sandbox.stop() });
  const { owner, people, places } = peopleAndPlaces(sandbox);
  const wires = { 2: new TcpProxy(sandbox.portOf(2)), 4: new TcpProxy(sandbox.portOf(4)) };
  const ports: number[] = [];
  for (const wire of Object.values(wires)) {
    await begin({ name: 'wire', start: async () => void ports.push(await wire.start()), stop: () => wire.stop() });
  }
  const environment = await daemonEnvironment({
    sandbox,
    scene: { owner },
    testDc: `127.0.0.1:${ports[0] ?? 0},4=127.0.0.1:${ports[1] ?? 0}`,
    folder,
    model: BUNDLED_MODEL.name,
    language: 'en',
    inherited: options.environment,
  });
  const logFile = join(folder, 'daemon.log');
  const main = options.main ?? fileURLToPath(new URL('../../main.js', import.meta.url));
  const daemon = new DaemonRunner({ main, folder, environment: { ...environment, GRAMSCRIBE_HEALTH_PORT: 'off', ...options.settings }, logFile });
  const redisServer = { dir: join(folder, 'data', 'redis'), log };
  const redis = new RedisHand({ folder: redisServer.dir, socketPath: new RedisServer(redisServer).socketPath });
  const arena: Arena = { folder, sandbox, owner, people, places, wires, daemon, redis, logFile };
  const firstCall = sandbox.rpcLog.next('updates.GetState', { timeoutMs: 60_000 }, signal);
  await begin({ name: 'daemon', start: () => daemon.start(), stop: () => endDaemon(daemon, { folder, log }) });
  await begin({ name: 'redis watch', start: () => redis.start(), stop: () => redis.stop() });
  await firstCall;
  for (const name of ['anna', 'boris', 'clara'] as const) await track(arena, people[name], signal);
  return arena;
}

function peopleAndPlaces(sandbox: Sandbox): Pick<Arena, 'owner' | 'people' | 'places'> {
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+1 555 0100' });
  const person = (firstName: string) => sandbox.addUser({ firstName, username: `${firstName.toLowerCase()}_chaos` });
  const people = { anna: person('Anna'), boris: person('Boris'), clara: person('Clara'), denis: person('Denis') };
  const { anna, boris, clara, denis } = people;
  const places = {
    anna: sandbox.privateChat(owner, anna).key,
    boris: sandbox.privateChat(owner, boris).key,
    group: sandbox.addGroup({ title: 'Group', members: [anna, denis, owner] }).key,
    family: sandbox.addSupergroup({ title: 'Family', members: [anna, boris, denis, owner] }).key,
    work: sandbox.addSupergroup({ title: 'Work', members: [clara, denis, owner] }).key,
  };
  return { owner, people, places };
}

/** The owner's command, typed again where it was typed too early to be heard. */
async function track({ sandbox, owner }: Arena, person: SandboxUser, signal: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const typed = sandbox.send.text({ from: owner, to: person, text: '.track' });
    const isAnswered = ({ key, editedMs }: SandboxMessage) => key === typed.key && editedMs !== undefined;
    try {
      await sandbox.waitForMessage(isAnswered, { timeoutMs: TRACK_DEADLINE_MS }, signal);
      return;
    } catch (error) {
      if (signal.aborted || tries === TRACK_TRIES) throw error;
    }
  }
}

/** Removes the folder with all that is in it. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

function nothing(): Promise<void> {
  return Promise.resolve();
}
