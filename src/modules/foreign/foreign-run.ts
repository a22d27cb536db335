import { z } from 'zod';
import type { Texts } from '../../i18n/texts.js';
import { TokenBucket } from '../../governor/token-bucket.js';
import type { ConfinementEnd } from '../boundary/confined-program.js';
import type { Capability } from '../contract/capabilities.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleMessage } from '../contract/module-message.js';
import { SEND_BUDGET } from '../host/module-faults.js';
import { ModuleFloodError } from '../host/module-sending.js';
import { AtOnce } from './at-once.js';
import { CallBudgets } from './call-budgets.js';
import { afterEnd } from './crash-policy.js';
import type { ForeignContext, ForeignModuleDependencies } from './foreign-module-dependencies.js';
import { ForeignModuleError } from './foreign-module-error.js';
import { ForeignProgram, foreignLimits, type Invocation, type ProgramFiles } from './foreign-program.js';
import { hostCalls, UngrantedUse, type ForeignScope, type HostSide } from './host-calls.js';
import { OwnMessages } from './own-messages.js';
import type { PinnedModule } from './pinned-module.js';
import { RestTimer } from './rest-timer.js';
import { sameDescription } from './same-description.js';
import { ShownChats } from './shown-chats.js';

const LINES = { burst: 30, everyMs: 2000 };
/** Downloads and answers from the network, of megabytes each in the daemon's memory, that are under way at once. */
const MAX_LARGE = 4;
const HOUR_MS = 3_600_000;
const START_MS = 30_000;
const STOP_MS = 1000;
/** Longer than its longest timer (`setTimeout`, ten minutes): who has asked for nothing for so long does nothing. */
const REST_AFTER_MS = 15 * 60_000;

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
  readonly #budgets: CallBudgets;
  readonly #lines: TokenBucket;
  readonly #idle: RestTimer;
  #program: Promise<ForeignProgram> | undefined;
  /** The end of a process that was not used any more. */
  #resting: Promise<void> | undefined;
  #shown: ShownChats | undefined;
  /** What it works with, until it has ended its work. */
  #ctx: ForeignContext | undefined;
  #isStarted = false;
  #startedAtMs: number | undefined;
  #intervals: readonly number[] = [];
  #endsMs: number[] = [];
  #ends = 0;
  #lastScope = 0;
  #linesDropped = 0;
  #haltedBecause: ((texts: Texts['foreignModules']) => string) | undefined;

  constructor(files: ProgramFiles, pinned: PinnedModule, deps: ForeignModuleDependencies) {
    this.#files = files;
    this.#pinned = pinned;
    this.#deps = deps;
    this.#budgets = new CallBudgets(deps.nowMs());
    this.#lines = new TokenBucket(LINES, deps.nowMs());
    this.#idle = new RestTimer(deps.restAfterMs ?? REST_AFTER_MS, () => void this.#rest());
  }

  /** Starts the process and the module in it. After an error nothing of it runs. */
  async begin(ctx: ForeignContext, signal: AbortSignal): Promise<void> {
    this.#haltedBecause = undefined;
    this.#ctx = ctx;
    this.#isStarted = true;
    this.#shown ??= await ShownChats.load(this.#deps.shownChats, this.#deps.nowMs);
    await this.#stopProcess();
    try {
      await this.#idle.during(() => (this.#program = this.#openAndStart(ctx, signal)));
      this.#startedAtMs = this.#deps.nowMs();
    } catch (error) {
      this.#program = undefined;
      this.#ctx = undefined;
      this.#isStarted = false;
      if (error instanceof CommandRefusal) throw error;
      this.#deps.log.warn({ err: error, module: this.#pinned.name }, 'a module of somebody else did not start');
      const texts = this.#deps.texts(ctx.language);
      throw new CommandRefusal(texts.didNotStart(this.#reason(texts) ?? errorLine(error)), { cause: error });
    }
  }

  /** Lets the module end its work until the signal is aborted, and ends its process in any case. */
  async end(signal: AbortSignal): Promise<void> {
    const wasStarted = this.#isStarted;
    this.#isStarted = false;
    this.#idle.stop();
    await this.#resting;
    if (wasStarted) await this.#endWork(signal);
    await this.#stopProcess();
    this.#ctx = undefined;
    this.#scopes.clear();
  }

  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Calls one of its functions, in a process that is started first where there is none. */
  async invoke(invocation: Invocation, ctx: ForeignContext | undefined, scope: ForeignScope, signal: AbortSignal): Promise<unknown> {
    if (this.#haltedBecause !== undefined || (ctx !== undefined && !this.isStarted)) throw new ForeignModuleError('it was stopped');
    return this.#idle.during(async () => {
      await this.#resting;
      this.#program ??= this.#openAgain(AbortSignal.timeout(START_MS)).catch((error: unknown) => this.#forget(error));
      return this.#call(await this.#program, { ...invocation, facts: factsOf(ctx) }, signal, scope);
    });
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

  /** Of its newest start. */
  get startedAtMs(): number | undefined {
    return this.#startedAtMs;
  }

  /** It is started, and has no process until it is asked for something. */
  get isResting(): boolean {
    return this.isStarted && this.#program === undefined;
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

  #openAgain(signal: AbortSignal): Promise<ForeignProgram> {
    return this.#ctx === undefined ? this.#open(signal) : this.#openAndStart(this.#ctx, signal);
  }

  /** A process that only waits for a command costs memory; the next command starts it again. */
  async #rest(): Promise<void> {
    const { watchers, tasks } = this.#pinned.description;
    if (!this.#isStarted || watchers.length + tasks.length > 0) return;
    this.#resting = this.#endWork(AbortSignal.timeout(STOP_MS));
    await this.#resting;
    this.#resting = undefined;
  }

  /** Never rejects. */
  async #endWork(signal: AbortSignal): Promise<void> {
    try {
      const program = await this.#program;
      if (program !== undefined) await this.#call(program, { kind: 'stop', facts: factsOf(this.#ctx) }, signal);
    } catch (error) {
      this.#deps.log.debug({ err: error, module: this.#pinned.name }, 'a module of somebody else did not end its work in time');
    } finally {
      await this.#stopProcess();
    }
  }

  async #openAndStart(ctx: ForeignContext, signal: AbortSignal): Promise<ForeignProgram> {
    const program = await this.#open(signal);
    try {
      await this.#call(program, { kind: 'start', facts: factsOf(ctx) }, signal);
      await this.#intervalsOf(program, ctx, signal);
      return program;
    } catch (error) {
      await program.stop();
      throw error;
    }
  }

  async #intervalsOf(program: ForeignProgram, ctx: ForeignContext, signal: AbortSignal): Promise<void> {
    if (this.#pinned.description.tasks.every(({ everyMs }) => everyMs !== null)) return;
    const parsed = z.array(z.number()).max(16).safeParse(await this.#call(program, { kind: 'intervals', facts: factsOf(ctx) }, signal));
    if (!parsed.success) throw new ForeignModuleError('it does not say how often its tasks run');
    this.#intervals = parsed.data;
  }

  async #call(program: ForeignProgram, invocation: Invocation, signal: AbortSignal, scope: ForeignScope = {}): Promise<unknown> {
    const id = (this.#lastScope += 1);
    this.#scopes.set(id, scope);
    try {
      return await program.invoke(id, invocation, signal);
    } finally {
      this.#scopes.delete(id);
    }
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
    if (ctx === undefined || !this.#isStarted || this.#haltedBecause !== undefined) return;
    try {
      this.#program = this.#openAndStart(ctx, AbortSignal.timeout(START_MS));
      await this.#program;
    } catch (error) {
      // It was stopped meanwhile.
      if (!this.isStarted || this.#ctx !== ctx) return;
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
    const refusal = name === 'log' ? this.#refusalOfLine() : this.#refusalOf(call?.needs);
    if (refusal !== undefined) return refusal;
    if (call === undefined) return { failed: 'there is no such call of the core' };
    this.#calls.set(call.needs ?? 'other', (this.#calls.get(call.needs ?? 'other') ?? 0) + 1);
    try {
      const work = (): Promise<unknown> => call.answer(input, this.#side(), signal);
      const isLarge = call.needs === 'network' || call.needs === 'download';
      return { ok: (await this.#idle.during(() => (isLarge ? this.#large.run(work) : work()))) ?? null };
    } catch (error) {
      if (error instanceof CommandRefusal) return { refused: error.forPerson };
      if (error instanceof ModuleFloodError) return { refused: this.#texts().tooOften(Math.ceil(SEND_BUDGET.everyMs / 1000)) };
      if (error instanceof UngrantedUse) this.#halt({ capability: error.capability });
      return { failed: error instanceof z.ZodError ? `${name}: ${error.issues[0]?.path.join('.') ?? ''} is not as it should be` : `${name} failed` };
    }
  }

  /** Undefined: it may be done. */
  #refusalOf(capability: Capability | undefined): object | undefined {
    const admission = this.#budgets.admit(capability, this.#deps.nowMs());
    if (admission === 'yes') return undefined;
    if (admission === 'flood') this.#halt('flood');
    return typeof admission === 'object' ? { refused: this.#texts().tooOften(Math.ceil(admission.waitMs / 1000)) } : { failed: 'too many calls of the core' };
  }

  #refusalOfLine(): object | undefined {
    const nowMs = this.#deps.nowMs();
    if (this.#lines.waitMs(nowMs) > 0) {
      this.#linesDropped += 1;
      return { failed: 'too many lines for the log' };
    }
    this.#lines.take(nowMs);
    return undefined;
  }

  #texts(): Texts['foreignModules'] {
    return this.#deps.texts(this.#ctx?.language ?? 'en');
  }

  #line(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    if (this.#refusalOfLine() === undefined) this.#ctx?.log[level](text.slice(0, 500));
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
      texts: this.#texts(),
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
