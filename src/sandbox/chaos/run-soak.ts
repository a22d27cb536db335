import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { SandboxUser } from '../control/views.js';
import type { Arena } from './arena.js';
import { Casebook } from './casebook.js';
import type { ChaosClips } from './chaos-clips.js';
import { PLACES, SPEAKERS } from './chaos-plan.js';
import { childrenOf, figuresOf } from './process-tree.js';
import { floors, slopePerHour, type Point } from './slope.js';

/** What a soak has shown. */
export interface SoakResult {
  minutes: number;
  voices: number;
  answeredOnce: number;
  /** Of the storm, updates that the sandbox pushed to the daemon. */
  updates: number;
  rss: Growth;
  /** What was in use after each whole collection. */
  heap: Growth;
  /** Of each period of the daemon's heartbeat: how late its event loop was. */
  loopDelayP99Ms: number[];
  loopDelayMaxMs: number;
  openFiles: { first: number; last: number; most: number };
  processes: { first: number; last: number; most: number };
  latenciesMs: number[];
  /** The daemon was started so often. */
  starts: number;
}

export interface Growth {
  firstBytes: number;
  lastBytes: number;
  mostBytes: number;
  /** By the straight line that fits best. */
  bytesPerHour: number;
}

export interface SoakOptions {
  minutes: number;
  /** Left out of the slope: what the daemon keeps for good is loaded, and the engine's model is. */
  warmUpMs: number;
  updatesPerSecond: number;
  clips: ChaosClips;
  onSample: (line: string) => void;
}

/** One look at the daemon's process. */
interface Sample {
  atMs: number;
  rssBytes: number;
  openFiles: number;
  processes: number;
}

const MINUTE_MS = 60_000;
const SAMPLE_EVERY_MS = 2000;
const TICK_MS = 50;
const VOICE_EVERY_MS = [1000, 2000] as const;
const SETTLE_MS = 120_000;
const CROWD = 20;
const ROOMS = 8;

const beatShape = z.object({ atMs: z.number(), heapUsedBytes: z.number(), heapAfterGcBytes: z.number().optional(), loopDelayP99Ms: z.number(), loopDelayMaxMs: z.number() });
type Beat = z.infer<typeof beatShape>;

/** A voice every second or two, and a storm of updates in chats of people who are not tracked, for a long time. */
export class SoakRun {
  private readonly samples: Sample[] = [];
  private readonly beats: Beat[] = [];
  private updates = 0;

  constructor(
    private readonly arena: Arena,
    private readonly options: SoakOptions,
  ) {}

  async run(signal: AbortSignal): Promise<SoakResult> {
    const { minutes } = this.options;
    const casebook = new Casebook(this.arena, () => undefined);
    const over = new AbortController();
    const all = AbortSignal.any([signal, over.signal]);
    const untilOver = (work: Promise<void>): Promise<void> =>
      work.catch((error: unknown) => {
        if (!over.signal.aborted) throw error;
      });
    const timer = setTimeout(() => over.abort(), minutes * MINUTE_MS);
    try {
      await Promise.all([this.speak(casebook, all), this.storm(all), this.look(all)].map(untilOver));
      signal.throwIfAborted();
      const deadlineMs = Date.now() + SETTLE_MS;
      while (casebook.waiting.length > 0 && Date.now() < deadlineMs) await sleep(SAMPLE_EVERY_MS, undefined, { signal });
      return this.result(casebook);
    } finally {
      clearTimeout(timer);
      casebook.close();
    }
  }

  private async speak(casebook: Casebook, signal: AbortSignal): Promise<void> {
    const { sandbox, people, places } = this.arena;
    const { clips } = this.options;
    for (let index = 0; ; index += 1) {
      const place = PLACES[index % PLACES.length] ?? 'anna';
      const from = SPEAKERS[place][0] ?? 'anna';
      const clipId = clips.ids[index % clips.ids.length] ?? '';
      const { note, text } = clips.get(clipId, 'voice');
      const dc = index % 3 === 0 ? (4 as const) : (2 as const);
      const message = sandbox.send.voice({ ...note, from: people[from], to: places[place], dc });
      const planned = { index, pauseMs: 0, place, from, clipId, kind: 'voice' as const, dc };
      casebook.add({ planned, message, expected: { kind: 'text', words: text }, sentAtMs: Date.now(), answerKeys: [] });
      const [shortest, longest] = VOICE_EVERY_MS;
      await sleep(shortest + ((index * 397) % (longest - shortest)), undefined, { signal });
    }
  }

  /** Texts, edits, deletions and reading in private chats and groups that nobody tracks. */
  private async storm(signal: AbortSignal): Promise<void> {
    const { sandbox, owner } = this.arena;
    const crowd = Array.from({ length: CROWD }, (_, index) => sandbox.addUser({ firstName: `Stranger ${index}` }));
    const rooms = Array.from({ length: ROOMS }, (_, index) => {
      const members: SandboxUser[] = [...crowd.slice(0, 5 + index), owner];
      return index % 2 === 0 ? sandbox.addSupergroup({ title: `Room ${index}`, members }) : sandbox.addGroup({ title: `Room ${index}`, members });
    });
    const startedAtMs = Date.now();
    for (let count = 0; ; count += 1) {
      const aheadMs = startedAtMs + (count * 1000) / this.options.updatesPerSecond - Date.now();
      if (aheadMs > TICK_MS) await sleep(TICK_MS, undefined, { signal });
      else if (count % 64 === 0) await sleep(0, undefined, { signal });
      const from = crowd[count % 5] ?? owner;
      const to = rooms[count % rooms.length] ?? owner;
      const isPrivate = count % 7 === 0;
      const message = sandbox.send.text({ from, to: isPrivate ? owner : to, text: `This is line ${count} of a long talk.` });
      if (count % 11 === 0) sandbox.send.edit(message, { text: `This was line ${count} of a long talk.` });
      if (count % 23 === 0) sandbox.send.delete(message);
      this.updates += 1 + Number(count % 11 === 0) + Number(count % 23 === 0);
    }
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { daemon, folder } = this.arena;
    for (let round = 0; ; round += 1) {
      const { pid } = await daemon.untilUp(signal);
      const figures = await figuresOf(pid);
      const processes = (await Promise.all(['redis-server', 'whisper-server'].map((name) => childrenOf(pid, name)))).flat().length;
      if (figures) this.samples.push({ atMs: Date.now(), ...figures, processes });
      const beat = await readBeat(join(folder, 'data', 'health.json'));
      if (beat && beat.atMs !== this.beats.at(-1)?.atMs) this.beats.push(beat);
      if (round % 15 === 0 && figures) this.options.onSample(this.line(figures.rssBytes, beat));
      await sleep(SAMPLE_EVERY_MS, undefined, { signal });
    }
  }

  private line(rssBytes: number, beat: Beat | undefined): string {
    const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    const heap = beat ? `, heap ${mebibytes(beat.heapUsedBytes)}, loop delay p99 ${beat.loopDelayP99Ms} ms` : '';
    return `${this.updates} updates, memory ${mebibytes(rssBytes)}${heap}`;
  }

  private result(casebook: Casebook): SoakResult {
    const { minutes, warmUpMs } = this.options;
    const fromMs = (this.samples[0]?.atMs ?? 0) + warmUpMs;
    const warm = this.samples.filter(({ atMs }) => atMs >= fromMs);
    const beats = this.beats.filter(({ atMs }) => atMs >= fromMs);
    const range = (read: (sample: Sample) => number) => ({
      first: read(warm[0] ?? emptySample),
      last: read(warm.at(-1) ?? emptySample),
      most: Math.max(...warm.map(read)),
    });
    return {
      minutes,
      voices: casebook.cases.length,
      answeredOnce: casebook.cases.filter((each) => casebook.verdictOn(each) === 'once').length,
      updates: this.updates,
      rss: growth(floors(warm.map(({ atMs, rssBytes: value }) => ({ atMs, value })), MINUTE_MS)),
      heap: heapOf(beats),
      loopDelayP99Ms: beats.map(({ loopDelayP99Ms }) => loopDelayP99Ms),
      loopDelayMaxMs: Math.max(...beats.map(({ loopDelayMaxMs }) => loopDelayMaxMs)),
      openFiles: range(({ openFiles }) => openFiles),
      processes: range(({ processes }) => processes),
      latenciesMs: casebook.cases.flatMap(({ sentAtMs, answeredAtMs }) => (answeredAtMs === undefined ? [] : [answeredAtMs - sentAtMs])),
      starts: this.arena.daemon.lives.length,
    };
  }
}

const emptySample: Sample = { atMs: 0, rssBytes: 0, openFiles: 0, processes: 0 };

function growth(points: readonly Point[]): Growth {
  const values = points.map(({ value }) => value);
  return { firstBytes: values[0] ?? 0, lastBytes: values.at(-1) ?? 0, mostBytes: Math.max(0, ...values), bytesPerHour: slopePerHour(points) };
}

/** Each collection once: a beat says what the last one left, whether or not it is told already. */
function heapOf(beats: readonly Beat[]): Growth {
  const points = beats.flatMap(({ atMs, heapAfterGcBytes: value }) => (value === undefined ? [] : [{ atMs, value }]));
  return growth(points.filter(({ value }, index) => value !== points[index - 1]?.value));
}

/** Undefined where there is none yet; the file is replaced in one step, so it is never half a beat. */
async function readBeat(path: string): Promise<Beat | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : beatShape.safeParse(JSON.parse(text)).data;
}
