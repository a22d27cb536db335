import { once } from 'node:events';
import { readdir, stat, truncate } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../errors.js';

interface Sample {
  path: string;
  size: number;
  atMs: number;
}

const SAMPLE_EVERY_MS = 50;
const REMEMBERED_MS = 3000;
/** What `appendfsync everysec` may lose when the power goes. */
const UNSYNCED_MS = 1000;
const ANSWER_MS = 2000;

/** The daemon's own Redis, from outside: its process, and its file as a power cut would leave it. */
export class RedisHand {
  private readonly samples: Sample[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: { folder: string; socketPath: string }) {}

  start(): Promise<void> {
    this.timer = setInterval(() => void this.sample(), SAMPLE_EVERY_MS);
    return Promise.resolve();
  }

  stop(): Promise<void> {
    clearInterval(this.timer);
    return Promise.resolve();
  }

  /** Resolves when the file has been looked at since the call. */
  async untilSampled(signal: AbortSignal): Promise<void> {
    const calledAtMs = Date.now();
    while ((this.samples.at(-1)?.atMs ?? 0) <= calledAtMs) await sleep(SAMPLE_EVERY_MS, undefined, { signal });
  }

  /** The process id of the server, waiting for it to answer. */
  async pid(signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const pid = Number(/process_id:(\d+)/.exec(await this.ask('INFO server').catch(() => ''))?.[1]);
      if (pid > 1) return pid;
      await sleep(SAMPLE_EVERY_MS, undefined, { signal });
    }
  }

  /**
   * Cuts off the end of the append-only file, back to a place between what it was a second before `atMs` and now: what
   * Redis had written and the disk had not. The server must be gone. @returns how many bytes were lost.
   */
  async loseLastSecond(atMs: number, share: number): Promise<number> {
    const newest = await this.newestFile();
    if (newest === undefined) return 0;
    const before = this.samples.filter(({ path, atMs: then }) => path === newest.path && then >= atMs - UNSYNCED_MS)[0];
    if (before === undefined || before.size >= newest.size) return 0;
    const size = before.size + Math.floor((newest.size - before.size) * share);
    await truncate(newest.path, size);
    return newest.size - size;
  }

  /** One command of Redis' inline protocol. Rejects where the server does not answer. */
  private async ask(command: string): Promise<string> {
    const socket = connect({ path: this.options.socketPath });
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new AppError('Redis does not answer')));
    try {
      await once(socket, 'connect');
      socket.write(`${command}\r\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    } finally {
      socket.on('error', () => undefined).destroy();
    }
  }

  private async sample(): Promise<void> {
    const newest = await this.newestFile();
    const nowMs = Date.now();
    if (newest) this.samples.push({ ...newest, atMs: nowMs });
    while ((this.samples[0]?.atMs ?? nowMs) < nowMs - REMEMBERED_MS) this.samples.shift();
  }

  /** The file that Redis appends to. Undefined where there is none (yet, or at this moment). */
  private async newestFile(): Promise<Omit<Sample, 'atMs'> | undefined> {
    const folder = join(this.options.folder, 'appendonlydir');
    const names = await readdir(folder).catch(() => []);
    const numbered = names.flatMap((name) => {
      const number = /\.(\d+)\.incr\.aof$/.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    });
    const newest = numbered.sort((one, other) => other.number - one.number)[0];
    if (newest === undefined) return undefined;
    const path = join(folder, newest.name);
    const size = await stat(path).then(
      (found) => found.size,
      () => undefined,
    );
    return size === undefined ? undefined : { path, size };
  }
}
