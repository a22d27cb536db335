import { AccountStoppedError, errorText, PermanentError, RetryableError } from '../../errors.js';
import { TokenBucket } from '../../governor/token-bucket.js';
import type { Logger } from '../../log/logger.js';
import type { Clock } from '../../supervisor/clock.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleStore } from '../contract/capabilities.js';
import type { Module } from '../contract/define-module.js';
import type { ModuleMessage } from '../contract/module-message.js';
import type { WatcherDispatch } from '../watchers/watcher-dispatch.js';
import { moduleContext, type ModuleContextDependencies } from './module-context.js';
import { BLOCKED_MS, type Fault, type FaultKind, FAULT_WINDOW_MS, SEND_BUDGET, tooManyFaults } from './module-faults.js';
import { ModuleFloodError } from './module-sending.js';
import { ModuleScope } from './module-scope.js';
import { repeatTask } from './task-runner.js';

export interface ModuleRunDependencies {
  context: ModuleContextDependencies;
  watchers: WatcherDispatch;
  /** Steady: how long calls take, when tasks are due, how old faults are. */
  steady: Clock;
  /** An error that says something of this machine and nothing of the module: Redis refuses to write … */
  isOutside: (error: unknown) => boolean;
  /** Too much of it: the module is to be stopped. */
  onTooMuch: (kind: FaultKind) => void;
  log: Logger;
}

/** No kind of fault is counted further. */
const MAX_FAULTS = 200;

/** One run of one module, from its start to its stop: what the core does in its name, and what it counts against it. */
export class ModuleRun {
  readonly context: unknown;
  /** Since it was started. */
  errors = 0;
  readonly #module: Module;
  readonly #deps: ModuleRunDependencies;
  readonly #scope: ModuleScope;
  readonly #faults: Fault[] = [];
  #unpost: () => void = () => undefined;

  constructor(module: Module, { settings, store }: { settings: Readonly<Record<string, unknown>>; store: ModuleStore }, deps: ModuleRunDependencies) {
    this.#module = module;
    this.#deps = deps;
    this.#scope = new ModuleScope(module.name);
    const budget = new TokenBucket(SEND_BUDGET, deps.steady.nowMs());
    const spend = (): void => this.#spend(budget);
    this.context = moduleContext(module, { scope: this.#scope, settings, store, spend }, deps.context);
  }

  /** Begins: the module's own start, then its watchers and tasks. Rejects as the start does. */
  async start(signal: AbortSignal): Promise<void> {
    const { start, watchers, tasks } = this.#module;
    // What the module starts lives until its stop, and not only as long as somebody waits for the start.
    if (start !== undefined) await this.#scope.run(() => start(this.context as never, this.#scope.signal), signal);
    this.#unpost = this.#deps.watchers.post(
      watchers,
      (watcher, message) => this.#contained(`watcher ${watcher.name}`, (ctx, until) => watcher.run(message, ctx, until)),
      (watcher, message) => this.#wants(watcher, message),
    );
    for (const task of tasks) this.#repeat(task);
  }

  /** See `ModuleDirectory.inModule`. */
  async do<T>(work: (ctx: never, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await this.#scope.run((both) => this.#timed(() => work(this.context as never, both)), signal);
    } catch (error) {
      if (!signal.aborted && !this.#scope.signal.aborted && this.#isItsFault(error)) this.#count('error');
      throw error;
    }
  }

  /** Ends it: the module's own stop first, as long as its context works; then nothing is done for it any more. */
  async stop(): Promise<void> {
    this.#unpost();
    try {
      await this.#module.stop?.();
    } finally {
      await this.#scope.end();
    }
  }

  /** Ends it without asking the module. */
  async cut(): Promise<void> {
    this.#unpost();
    await this.#scope.end();
  }

  #repeat(task: Module['tasks'][number]): void {
    const { steady } = this.#deps;
    const everyMs = ({ everyMs: given }: typeof task): number => (typeof given === 'function' ? given(this.context as never) : given);
    const run = (): Promise<void> => this.#contained(`task ${task.name}`, (ctx, until) => task.run(ctx, until));
    repeatTask(task, { clock: steady, everyMs, run }, this.#scope.signal).catch((error: unknown) => this.#report(`task ${task.name}`, error));
  }

  #wants(watcher: Module['watchers'][number], message: ModuleMessage): boolean {
    try {
      return watcher.wants?.(message, this.context as never) ?? true;
    } catch (error) {
      this.#count('error');
      this.#report(`watcher ${watcher.name}`, error);
      return false;
    }
  }

  async #contained(what: string, work: (ctx: never, signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await this.do(work, this.#scope.signal);
    } catch (error) {
      if (!this.#scope.signal.aborted) this.#report(what, error);
    }
  }

  #report(what: string, error: unknown): void {
    this.#deps.log.warn({ err: error, module: this.#module.name }, `the module ${this.#module.name} failed in its ${what}: ${errorText(error)}`);
  }

  /** What is done before the first pause is done on the thread that everything else waits for. */
  #timed<T>(work: () => Promise<T>): Promise<T> {
    const { steady, log } = this.#deps;
    const beganMs = steady.nowMs();
    const begun = new Promise<T>((resolve) => resolve(work()));
    const heldMs = steady.nowMs() - beganMs;
    if (heldMs > BLOCKED_MS) {
      log.warn({ module: this.#module.name, heldMs }, `the module ${this.#module.name} held everything up for ${Math.round(heldMs)} ms`);
      this.#count('block');
    }
    return begun;
  }

  #spend(budget: TokenBucket): void {
    const nowMs = this.#deps.steady.nowMs();
    if (budget.waitMs(nowMs) > 0) {
      this.#count('flood');
      throw new ModuleFloodError(`the module ${this.#module.name} sends too much`);
    }
    budget.take(nowMs);
  }

  /** A refusal is for the person; waits, lost connections and chats that take nothing are Telegram's doing. */
  #isItsFault(error: unknown): boolean {
    const others = [CommandRefusal, RetryableError, PermanentError, AccountStoppedError, ModuleFloodError];
    return !others.some((type) => error instanceof type) && !this.#deps.isOutside(error);
  }

  #count(kind: FaultKind): void {
    const nowMs = this.#deps.steady.nowMs();
    this.errors += 1;
    this.#faults.push({ kind, atMs: nowMs });
    while (this.#faults[0] !== undefined && (this.#faults.length > MAX_FAULTS || nowMs - this.#faults[0].atMs >= FAULT_WINDOW_MS)) this.#faults.shift();
    const tooMuch = tooManyFaults(this.#faults, nowMs);
    if (tooMuch !== undefined) this.#deps.onTooMuch(tooMuch);
  }
}
