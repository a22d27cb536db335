import { z } from 'zod';
import type { Texts } from '../../i18n/texts.js';
import { TokenBucket } from '../../governor/token-bucket.js';
import type { ConfinementEnd } from '../boundary/confined-program.js';
import type { Capability } from '../contract/capabilities.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleMessage } from '../contract/module-message.js';
import { AtOnce } from './at-once.js';
import { afterEnd } from './crash-policy.js';
import type { ForeignContext, ForeignModuleDependencies } from './foreign-module-dependencies.js';
import { ForeignModuleError } from './foreign-module-error.js';
import { ForeignProgram, foreignLimits, type Invocation, type ProgramFiles } from './foreign-program.js';
import { hostCalls, UngrantedUse, type ForeignScope, type HostSide } from './host-calls.js';
import { OwnMessages } from './own-messages.js';
import type { PinnedModule } from './pinned-module.js';
import { sameDescription } from './same-description.js';
import { ShownChats } from './shown-chats.js';

/** Calls of the core: so many at once, then one every so often; who goes on over that is stopped. */
const CALLS = { burst: 200, everyMs: 20 };
const MAX_CALLS_OVER = 500;
const LINES = { burst: 30, everyMs: 2000 };
/** Downloads and answers from the network, of megabytes each in the daemon's memory, that are under way at once. */
const MAX_LARGE = 4;
const HOUR_MS = 3_600_000;
const START_MS = 30_000;

/** While it is brought up to date, before it has a context. */
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What it did since the daemon was started. */
export interface ForeignUsage {
  /** Calls of the core by what they are of; `log`, `sleep` and the like are `other`. */
  calls: Readonly<Partial<Record<Capability | 'other', number>>>;
  /** How often its process ended by itself. */
  ends: number;
  linesDropped: number;
}

/** The life of a module of somebody else: its process, started again where it ends by itself, and its way to the core. */
export class ForeignRun {
  readonly #files: ProgramFiles;
  readonly #pinned: PinnedModule;
  readonly #deps: ForeignModuleDependencies;
  readonly #scopes = new Map<number, ForeignScope>();
  readonly #calls = new Map<Capability | 'other', number>();
  readonly #own = new OwnMessages();
  readonly #large = new AtOnce(MAX_LARGE);
  readonly #budget: TokenBucket;
  readonly #lines: TokenBucket;
  #program: Promise<ForeignProgram> | undefined;
  #shown: ShownChats | undefined;
  #ctx: ForeignContext | undefined;
  #intervals: readonly number[] = [];
  #endsMs: number[] = [];
  #ends = 0;
  #lastScope = 0;
  #callsOver = 0;
  #linesDropped = 0;
  #haltedBecause: ((texts: Texts['foreignModules']) => string) | undefined;

  constructor(files: ProgramFiles, pinned: PinnedModule, deps: ForeignModuleDependencies) {
    this.#files = files;
    this.#pinned = pinned;
    this.#deps = deps;
    this.#budget = new TokenBucket(CALLS, deps.nowMs());
    this.#lines = new TokenBucket(LINES, deps.nowMs());
  }

  /** Starts the process and the module in it. After an error nothing of it runs. */
  async begin(ctx: ForeignContext, signal: AbortSignal): Promise<void> {
    this.#haltedBecause = undefined;
    this.#ctx = ctx;
    this.#shown ??= await ShownChats.load(this.#deps.shownChats, this.#deps.nowMs);
    await this.#stopProcess();
    try {
      this.#program = this.#openAndStart(ctx, signal);
      await this.#program;
    } catch (error) {
      this.#program = undefined;
      this.#ctx = undefined;
      if (error instanceof CommandRefusal) throw error;
      this.#deps.log.warn({ err: error, module: this.#pinned.name }, 'a module of somebody else did not start');
      const texts = this.#deps.texts(ctx.language);
      throw new CommandRefusal(texts.didNotStart(this.#reason(texts) ?? errorLine(error)), { cause: error });
    }
  }

  /** Lets the module end its work until the signal is aborted, and ends its process in any case. */
  async end(signal: AbortSignal): Promise<void> {
    const { isStarted } = this;
    const program = this.#program;
    this.#ctx = undefined;
    try {
      if (isStarted && program !== undefined) await (await program).invoke(this.#nextScope({}), { kind: 'stop' }, signal);
    } catch (error) {
      this.#deps.log.debug({ err: error, module: this.#pinned.name }, 'a module of somebody else did not end its work in time');
    } finally {
      await this.#stopProcess();
      this.#scopes.clear();
    }
  }

  get isStarted(): boolean {
    return this.#ctx !== undefined;
  }

  /** Calls one of its functions, in a process that is started first where there is none. */
  async invoke(invocation: Invocation, ctx: ForeignContext | undefined, scope: ForeignScope, signal: AbortSignal): Promise<unknown> {
    if (this.#haltedBecause !== undefined || (ctx !== undefined && !this.isStarted)) throw new ForeignModuleError('it was stopped');
    this.#program ??= this.#open(AbortSignal.timeout(START_MS)).catch((error: unknown) => this.#forget(error));
    const program = await this.#program;
    const id = this.#nextScope(scope);
    try {
      return await program.invoke(id, { ...invocation, facts: factsOf(ctx) }, signal);
    } finally {
      this.#scopes.delete(id);
    }
  }

  /** The chat of a message may be named by the module from now on. */
  async show(message: ModuleMessage): Promise<void> {
    await this.#shown?.add(message.chat);
  }

  /** How often a task is to run, where the module says so while it runs. */
  intervalMs(index: number): number {
    return Math.min(Math.max(this.#intervals[index] ?? HOUR_MS, 1000), 30 * 24 * HOUR_MS);
  }

  /** Asks again how often tasks are to run: a setting may say so. */
  async askIntervals(ctx: ForeignContext, signal: AbortSignal): Promise<void> {
    const program = await this.#program;
    if (program !== undefined) await this.#intervalsOf(program, ctx, signal);
  }

  /** Where it was only brought up to date and never started. */
  async endUnlessStarted(): Promise<void> {
    if (!this.isStarted) await this.#stopProcess();
  }

  usage(): ForeignUsage {
    return { calls: Object.fromEntries(this.#calls), ends: this.#ends, linesDropped: this.#linesDropped };
  }

  async residentBytes(): Promise<number | undefined> {
    return (await this.#program?.catch(() => undefined))?.residentBytes();
  }

  #reason(texts: Texts['foreignModules']): string | undefined {
    return this.#haltedBecause?.(texts);
  }

  async #openAndStart(ctx: ForeignContext, signal: AbortSignal): Promise<ForeignProgram> {
    const program = await this.#open(signal);
    try {
      await program.invoke(this.#nextScope({}), { kind: 'start', facts: factsOf(ctx) }, signal);
      await this.#intervalsOf(program, ctx, signal);
      return program;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  async #intervalsOf(program: ForeignProgram, ctx: ForeignContext, signal: AbortSignal): Promise<void> {
    if (this.#pinned.description.tasks.every(({ everyMs }) => everyMs !== null)) return;
    const parsed = z.array(z.number()).max(16).safeParse(await program.invoke(this.#nextScope({}), { kind: 'intervals', facts: factsOf(ctx) }, signal));
    if (!parsed.success) throw new ForeignModuleError('it does not say how often its tasks run');
    this.#intervals = parsed.data;
  }

  #nextScope(scope: ForeignScope): number {
    this.#lastScope += 1;
    this.#scopes.set(this.#lastScope, scope);
    return this.#lastScope;
  }

  #forget(error: unknown): never {
    this.#program = undefined;
    throw error;
  }

  async #open(signal: AbortSignal): Promise<ForeignProgram> {
    const parts = {
      startProgram: this.#deps.startProgram,
      limits: this.#deps.limits ?? foreignLimits,
      hostCall: (name: string, input: unknown, callSignal: AbortSignal) => this.#answer(name, input, callSignal),
      log: (level: 'debug' | 'info' | 'warn' | 'error', text: string) => this.#line(level, text),
    };
    const program = await ForeignProgram.start(this.#files, parts, signal);
    void program.ended.then((end) => this.#ended(program, end));
    try {
      if (sameDescription(await program.describe(signal), this.#pinned.description)) return program;
      throw new ForeignModuleError('it describes itself otherwise than when it was loaded');
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  async #stopProcess(): Promise<void> {
    const program = this.#program;
    this.#program = undefined;
    await (await program?.catch(() => undefined))?.stop();
  }

  async #ended(program: ForeignProgram, end: ConfinementEnd): Promise<void> {
    if (end === 'stopped' || (await this.#program?.catch(() => undefined)) !== program) return;
    this.#program = undefined;
    this.#ends += 1;
    const nowMs = this.#deps.nowMs();
    this.#endsMs = [...this.#endsMs.slice(-9), nowMs];
    this.#deps.log.warn({ module: this.#pinned.name, end }, 'the process of a module of somebody else ended');
    if (end === 'flood' || afterEnd(this.#endsMs, nowMs) === 'give-up') this.#halt(end);
    else await this.#again();
  }

  /** The module begins anew: what it kept in memory is gone. Calls that come meanwhile wait. */
  async #again(): Promise<void> {
    const ctx = this.#ctx;
    if (ctx === undefined || this.#haltedBecause !== undefined) return;
    try {
      this.#program = this.#openAndStart(ctx, AbortSignal.timeout(START_MS));
      await this.#program;
    } catch (error) {
      // It was stopped meanwhile.
      if (this.#ctx !== ctx) return;
      this.#program = undefined;
      this.#deps.log.warn({ err: error, module: this.#pinned.name }, 'a module of somebody else did not start again');
      this.#halt('crash');
    }
  }

  #halt(why: ConfinementEnd | { capability: Capability }): void {
    if (this.#haltedBecause !== undefined) return;
    this.#haltedBecause = (texts) => (typeof why === 'object' ? texts.stopped.ungranted(texts.capabilities[why.capability]) : texts.stopped[why]);
    void this.#stopProcess();
    this.#deps.halt(this.#haltedBecause);
  }

  async #answer(name: string, input: unknown, signal: AbortSignal): Promise<object> {
    const call = hostCalls.get(name);
    if (call?.needs !== undefined && !this.#pinned.granted.includes(call.needs)) this.#halt({ capability: call.needs });
    if (this.#haltedBecause !== undefined) return { failed: 'stopped' };
    if (!this.#mayCall(name)) return { failed: 'too many calls of the core' };
    if (call === undefined) return { failed: 'there is no such call of the core' };
    this.#calls.set(call.needs ?? 'other', (this.#calls.get(call.needs ?? 'other') ?? 0) + 1);
    try {
      const work = (): Promise<unknown> => call.answer(input, this.#side(), signal);
      const isLarge = call.needs === 'network' || call.needs === 'download';
      return { ok: (await (isLarge ? this.#large.run(work) : work())) ?? null };
    } catch (error) {
      if (error instanceof CommandRefusal) return { refused: error.forPerson };
      if (error instanceof UngrantedUse) this.#halt({ capability: error.capability });
      return { failed: error instanceof z.ZodError ? `${name}: ${error.issues[0]?.path.join('.') ?? ''} is not as it should be` : `${name} failed` };
    }
  }

  #mayCall(name: string): boolean {
    const nowMs = this.#deps.nowMs();
    const bucket = name === 'log' ? this.#lines : this.#budget;
    if (bucket.waitMs(nowMs) === 0) {
      bucket.take(nowMs);
      return true;
    }
    if (name === 'log') this.#linesDropped += 1;
    else this.#callsOver += 1;
    if (this.#callsOver > MAX_CALLS_OVER) this.#halt('flood');
    return false;
  }

  #line(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    if (this.#mayCall('log')) this.#ctx?.log[level](text.slice(0, 500));
  }

  #side(): HostSide {
    const ctx = this.#ctx;
    return {
      parts: ctx ?? {},
      log: ctx?.log ?? SILENT,
      shown: { has: (chat) => this.#shown?.has(chat) === true },
      own: this.#own,
      hosts: new Set(this.#pinned.hosts),
      scopeOf: (id) => this.#scopes.get(id),
      sleep: async (ms, signal) => (ctx === undefined ? Promise.reject(new ForeignModuleError('it is not started')) : ctx.sleep(ms, signal)),
      texts: this.#deps.texts(ctx?.language ?? 'en'),
    };
  }
}

function factsOf(ctx: ForeignContext | undefined): object | undefined {
  if (ctx === undefined) return undefined;
  const { accountId, self, language, prefix, settings } = ctx;
  return { accountId, self: { ...self }, language, prefix, settings: { ...settings } };
}

/** What a person is told of an error of a module's: of what kind, and where. */
function errorLine(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : '';
}
