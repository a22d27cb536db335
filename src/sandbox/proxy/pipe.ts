import type { Socket } from 'node:net';

/** How bytes get through. */
export type Passage =
  | { kind: 'free' }
  /** They wait until they may pass again. */
  | { kind: 'held' }
  | { kind: 'late'; ms: number }
  | { kind: 'slow'; bytesPerSecond: number };

/** Above this the source is not read any further, so that its sender feels it. */
const FULL_BYTES = 1 << 20;
/** A slow line moves in steps of so long, ms. */
const STEP_MS = 100;

/** One direction of a connection. Bytes come out in their order, each in its own time. */
export class Pipe {
  private readonly waiting: { bytes: Buffer; cameMs: number }[] = [];
  private waitingBytes = 0;
  private passage: Passage = { kind: 'free' };
  private lost = false;
  private timer: NodeJS.Timeout | undefined;
  /** When a slow line takes its next step. */
  private stepDueMs = 0;
  private onDrained: (() => void)[] = [];

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (bytes) => this.take(bytes));
  }

  /** True once `swallow` was called. */
  get swallows(): boolean {
    return this.lost;
  }

  shape(passage: Passage): void {
    this.passage = passage;
    this.move();
  }

  /** From now on everything that comes, or waits, goes nowhere. */
  swallow(): void {
    this.lost = true;
    this.waiting.length = 0;
    this.waitingBytes = 0;
    clearTimeout(this.timer);
    this.from.resume();
    this.settle();
  }

  /** Resolves when nothing waits in it any more. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.onDrained.push(resolve);
      this.settle();
    });
  }

  private take(bytes: Buffer): void {
    if (this.lost) return;
    this.waiting.push({ bytes, cameMs: performance.now() });
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > FULL_BYTES) this.from.pause();
    this.move();
  }

  private move(): void {
    clearTimeout(this.timer);
    const { passage } = this;
    if (this.lost || passage.kind === 'held') return;
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const nowMs = performance.now();
      const dueMs = passage.kind === 'late' ? next.cameMs + passage.ms : passage.kind === 'slow' ? this.stepDueMs : nowMs;
      if (dueMs > nowMs) {
        this.timer = setTimeout(() => this.move(), dueMs - nowMs);
        return;
      }
      this.stepDueMs = nowMs + STEP_MS;
      this.send(passage.kind === 'slow' ? Math.max(1, Math.round((passage.bytesPerSecond * STEP_MS) / 1000)) : next.bytes.length);
    }
    this.settle();
  }

  /** The first of what waits, so much of it at most. */
  private send(limit: number): void {
    const [first] = this.waiting;
    if (first === undefined) return;
    const bytes = first.bytes.subarray(0, limit);
    if (bytes.length === first.bytes.length) this.waiting.shift();
    else first.bytes = first.bytes.subarray(limit);
    this.waitingBytes -= bytes.length;
    if (!this.to.destroyed) this.to.write(bytes);
    if (this.waitingBytes <= FULL_BYTES && this.from.isPaused()) this.from.resume();
  }

  private settle(): void {
    if (this.waiting.length > 0) return;
    for (const resolve of this.onDrained.splice(0)) resolve();
  }
}
