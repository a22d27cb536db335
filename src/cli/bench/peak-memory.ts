import { readFile } from 'node:fs/promises';

const EVERY_MS = 50;

/**
 * The most memory that a process and everything it has started held together: the sum, over those that live at the same
 * time, of the kernel's own high-water mark of each (VmHWM). Linux only; 0 elsewhere.
 */
export class PeakMemory {
  #peakBytes = 0;
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> = Promise.resolve();

  constructor(private readonly pid: number) {
    this.#timer = setInterval(() => void this.look(), EVERY_MS).unref();
  }

  get bytes(): number {
    return this.#peakBytes;
  }

  /** Reads the marks now; before a process is told to end, for example. */
  look(): Promise<void> {
    this.#looking = this.#looking.then(async () => {
      const sizes = await Promise.all((await treeOf(this.pid)).map(highWaterBytes));
      this.#peakBytes = Math.max(this.#peakBytes, sizes.reduce((sum, size) => sum + size, 0));
    });
    return this.#looking;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

async function treeOf(pid: number): Promise<number[]> {
  const children = (await read(`/proc/${pid}/task/${pid}/children`)).split(' ').filter((child) => child !== '');
  return [pid, ...(await Promise.all(children.map((child) => treeOf(Number(child))))).flat()];
}

async function highWaterBytes(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** Nothing of a process that is gone. */
function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
