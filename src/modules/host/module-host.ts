import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, ModuleStoppedError } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import { linkedAbort } from '../../linked-abort.js';
import { orAborted } from '../../or-aborted.js';
import type { Logger } from '../../log/logger.js';
import { sharedAbort } from '../../shared-abort.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleStore } from '../contract/capabilities.js';
import type { Module } from '../contract/define-module.js';
import { problemsOf } from './check-module.js';
import { CommandIndex } from './command-index.js';
import type { FoundCommand, ListedModule, ModuleDirectory, ModuleState } from './module-directory.js';
import type { FaultKind } from './module-faults.js';
import { ModuleRun, type ModuleRunDependencies } from './module-run.js';
import type { SettingsSource } from './settings-source.js';
import { mayMendItself, startAgainMs } from './start-again.js';
import { StartTooLateError, whyNot } from './why-not.js';

/** A module that comes with the program. */
export interface BuiltinModule {
  module: Module;
  /** It cannot be switched off, nor is it after errors: without it nothing could be switched on again. */
  needed?: boolean;
  /** Off until the owner switches it on. */
  offAtFirst?: boolean;
}

export interface ModuleHostDependencies {
  modules: readonly BuiltinModule[];
  /** What the owner chose of on and off; kept over restarts. */
  switches: {
    read(module: string): Promise<'on' | 'off' | undefined>;
    write(module: string, state: 'on' | 'off'): Promise<void>;
    forget(module: string): Promise<void>;
  };
  settings: SettingsSource;
  /** Opens the module's store, brought to its version. Rejects with `StoreTooNewError`. */
  openStore: (module: Module) => Promise<ModuleStore>;
  run: Omit<ModuleRunDependencies, 'onTooMuch'>;
  /** Tells the account's owner, in Saved Messages. Never rejects. */
  tell: (text: string) => void;
  texts: () => Texts['modules'];
  log: Logger;
  /** For tests. */
  deadlinesMs?: { start: number; stop: number };
}

const DEADLINES_MS = { start: 10_000, stop: 1500 };

interface Entry extends BuiltinModule {
  /** The owner's word, or what holds without one. */
  wanted: boolean;
  origin: ListedModule['origin'];
  state: ModuleState;
  why?: string;
  run?: ModuleRun;
}

/**
 * The modules of one account: starts and stops them, keeps what is on and off over restarts, and switches off one that does too
 * much harm. A module that does not start keeps no other from starting.
 */
export class ModuleHost implements ModuleDirectory {
  readonly #deps: ModuleHostDependencies;
  readonly #entries = new Map<string, Entry>();
  readonly #commands = new CommandIndex();
  /** Runs that are to be stopped, whose turn has not come. */
  readonly #halting = new WeakSet<ModuleRun>();
  readonly #stopping = sharedAbort();
  /** Starts and stops happen one after the other. */
  #line: Promise<unknown> = Promise.resolve();

  /** @throws Error where a builtin module is not as a module has to be. */
  constructor(deps: ModuleHostDependencies) {
    this.#deps = deps;
    for (const each of deps.modules) {
      const problems = problemsOf(each.module, this.#known());
      if (problems.length > 0) throw new Error(`the module ${each.module.name}: ${problems.join('; ')}`);
      this.#entries.set(each.module.name, { ...each, wanted: true, origin: 'builtin', state: 'off' });
    }
  }

  /** Reads what is on and what is off; nothing is started yet. */
  async load(): Promise<void> {
    for (const entry of this.#entries.values()) entry.wanted = isOn(entry, await this.#deps.switches.read(entry.module.name));
  }

  /**
   * Starts the modules that are on, in order. Rejects only where it is aborted. One that does not start is tried again by and by,
   * unless it says itself why it cannot: it may be Redis that is away.
   */
  async start(signal: AbortSignal): Promise<void> {
    for (const entry of [...this.#entries.values()]) {
      signal.throwIfAborted();
      if (!entry.wanted) continue;
      await this.#inLine(() => this.#startEntry(entry, signal)).catch((error: unknown) => {
        signal.throwIfAborted();
        const { name } = entry.module;
        const told = { err: error, module: name };
        if (!mayMendItself(error)) {
          this.#deps.log.error(told, `the module ${name} did not start and stays off: ${errorText(error)}`);
          return;
        }
        this.#deps.log.error(told, `the module ${name} did not start and is tried again: ${errorText(error)}`);
        void this.#startAgain(entry, this.#stopping.signal);
      });
    }
  }

  /** Stops them all, each within its deadline; what is on and off stays as the owner chose. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the modules are stopping'));
    await this.#inLine(() => Promise.all([...this.#entries.values()].map((entry) => this.#stopEntry(entry, 'off'))));
  }

  list(): readonly ListedModule[] {
    return [...this.#entries.values()].map(listed);
  }

  find(name: string): ListedModule | undefined {
    const entry = this.#entries.get(name);
    return entry === undefined ? undefined : listed(entry);
  }

  findCommand(name: string): FoundCommand | undefined {
    return this.#commands.find(name);
  }

  /** Whether it is off because its owner wants it so, and not because it did not start, or not yet, or was stopped. */
  isSwitchedOff(name: string): boolean {
    return this.#entries.get(name)?.wanted === false;
  }

  contextOf(name: string): unknown {
    return this.#running(name)?.context;
  }

  inModule<T>(name: string, work: (ctx: never, signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const run = this.#running(name);
    return run === undefined ? Promise.reject(new ModuleStoppedError(name)) : run.do(work, signal);
  }

  async enable(name: string, signal: AbortSignal): Promise<void> {
    const entry = this.#entryOf(name);
    await this.#inLine(async () => {
      await this.#startOrRefuse(entry, signal);
      await this.#deps.switches.write(name, 'on');
      entry.wanted = true;
    });
  }

  async disable(name: string): Promise<void> {
    const entry = this.#entryOf(name);
    if (entry.needed === true) throw new CommandRefusal(this.#deps.texts().needed(name));
    await this.#inLine(async () => {
      await this.#stopEntry(entry, 'off');
      await this.#deps.switches.write(name, 'off');
      entry.wanted = false;
    });
  }

  async add(module: Module, signal: AbortSignal): Promise<void> {
    const { name } = module;
    await this.#inLine(async () => {
      const before = this.#entries.get(name);
      if (before?.origin === 'builtin') throw new CommandRefusal(this.#deps.texts().taken(name));
      const [problem] = problemsOf(module, this.#known().filter((other) => other.name !== name));
      if (problem !== undefined) throw new CommandRefusal(this.#deps.texts().doesNotFit(problem));
      if (before !== undefined) await this.#stopEntry(before, 'off');
      const entry: Entry = { module, wanted: true, origin: 'foreign', state: 'off' };
      this.#entries.set(name, entry);
      entry.wanted = isOn(entry, await this.#deps.switches.read(name));
      if (entry.wanted) await this.#startOrRefuse(entry, signal);
    });
  }

  async remove(name: string): Promise<void> {
    const entry = this.#entryOf(name);
    if (entry.origin === 'builtin') throw new CommandRefusal(this.#deps.texts().taken(name));
    await this.#inLine(async () => {
      await this.#stopEntry(entry, 'off');
      this.#entries.delete(name);
      await this.#deps.switches.forget(name);
    });
  }

  halt(name: string, why: string): void {
    const entry = this.#entries.get(name);
    const ending = entry?.run;
    // It goes on failing until its turn to stop comes.
    if (entry === undefined || ending === undefined || this.#halting.has(ending)) return;
    this.#halting.add(ending);
    const { tell, texts, run, log } = this.#deps;
    const { choices } = run.context;
    log.warn({ module: name }, `the module ${name} is switched off until it is started again`);
    tell(texts().switchedOff(entry.module.about[choices.language].title, why, `${choices.prefix}enable ${name}`));
    const end = async (): Promise<void> => {
      if (entry.run === ending) await this.#stopEntry(entry, 'stopped', why);
    };
    this.#inLine(end).catch((error: unknown) => {
      log.error({ err: error, module: name }, `the module ${name} did not stop cleanly: ${errorText(error)}`);
    });
  }

  #known(): Module[] {
    return [...this.#entries.values()].map(({ module }) => module);
  }

  #running(name: string): ModuleRun | undefined {
    const entry = this.#entries.get(name);
    return entry?.state === 'on' ? entry.run : undefined;
  }

  #entryOf(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new CommandRefusal(this.#deps.texts().unknown(name));
    return entry;
  }

  #inLine<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#line.then(work, work);
    this.#line = turn.catch(() => undefined);
    return turn;
  }

  /** Until it starts, or somebody else has seen to it. Never rejects. */
  async #startAgain(entry: Entry, signal: AbortSignal): Promise<void> {
    const { name } = entry.module;
    const { log, run } = this.#deps;
    const isOpen = (): boolean => entry.state === 'failed' && entry.wanted && !signal.aborted;
    for (let failures = 1; isOpen(); failures += 1) {
      try {
        await run.steady.sleep(startAgainMs(failures), signal);
        await this.#inLine(async () => (isOpen() ? this.#startEntry(entry, signal) : undefined));
        if (entry.state === 'on') log.info({ module: name }, `the module ${name} has started after all`);
      } catch (error) {
        if (!signal.aborted) log.debug({ err: error, module: name }, `the module ${name} did not start again: ${errorText(error)}`);
      }
    }
  }

  async #startOrRefuse(entry: Entry, signal: AbortSignal): Promise<void> {
    try {
      await this.#startEntry(entry, signal);
    } catch (error) {
      signal.throwIfAborted();
      this.#deps.log.warn({ err: error, module: entry.module.name }, `the module ${entry.module.name} did not start: ${errorText(error)}`);
      throw new CommandRefusal(`${entry.module.about[this.#deps.run.context.choices.language].title}: ${entry.why ?? ''}`, { cause: error });
    }
  }

  async #startEntry(entry: Entry, signal: AbortSignal): Promise<void> {
    if (entry.state === 'on') return;
    const { module } = entry;
    const { settings, openStore, run: runDeps, texts } = this.#deps;
    const deadlineMs = (this.#deps.deadlinesMs ?? DEADLINES_MS).start;
    let run: ModuleRun | undefined;
    try {
      signal.throwIfAborted();
      const open = async () => ({ settings: await settings.open(module), store: await openStore(module) });
      // Redis may be away: whoever stops does not wait for it.
      const parts = await orAborted(open(), signal);
      run = new ModuleRun(module, parts, { ...runDeps, onTooMuch: (kind) => this.#onTooMuch(entry, kind) });
      await within(deadlineMs, (until) => run?.start(until) ?? Promise.resolve(), signal);
    } catch (error) {
      await this.#cut(run, module.name);
      entry.state = 'failed';
      entry.why = whyNot(error, texts().didNotStart);
      throw error;
    }
    Object.assign(entry, { run, state: 'on' });
    delete entry.why;
    this.#commands.add(module);
  }

  async #stopEntry(entry: Entry, state: ModuleState, why?: string): Promise<void> {
    const { run, module } = entry;
    this.#commands.remove(module);
    entry.state = state;
    if (why === undefined) delete entry.why;
    else entry.why = why;
    delete entry.run;
    if (run === undefined) return;
    const clean = await this.#ended(run.stop(), module.name);
    if (!clean) await this.#cut(run, module.name);
  }

  async #cut(run: ModuleRun | undefined, name: string): Promise<void> {
    if (run !== undefined) await this.#ended(run.cut(), name);
  }

  /** False where it did not end in time, or failed; said in the log. */
  async #ended(ending: Promise<void>, name: string): Promise<boolean> {
    const deadlineMs = (this.#deps.deadlinesMs ?? DEADLINES_MS).stop;
    try {
      await within(deadlineMs, () => ending, new AbortController().signal);
      return true;
    } catch (error) {
      this.#deps.log.warn({ err: error, module: name }, `the module ${name} did not stop cleanly: ${errorText(error)}`);
      return false;
    }
  }

  #onTooMuch(entry: Entry, kind: FaultKind): void {
    if (entry.needed === true || entry.state !== 'on') return;
    this.halt(entry.module.name, this.#deps.texts().tooMuch[kind]);
  }
}

function isOn({ offAtFirst, needed }: Entry, chosen: 'on' | 'off' | undefined): boolean {
  return needed === true || chosen === 'on' || (chosen === undefined && offAtFirst !== true);
}

function listed({ module, origin, state, why, run }: Entry): ListedModule {
  return { module, origin, state, ...(why === undefined ? {} : { why }), errors: run?.errors ?? 0 };
}

/** Rejects with `StartTooLateError` where the work takes longer, or with the signal's reason. */
async function within(deadlineMs: number, work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const { signal: until, unlink } = linkedAbort(signal, over.signal);
  const late = sleep(deadlineMs, undefined, { signal: over.signal }).then(() => Promise.reject(new StartTooLateError(deadlineMs)));
  try {
    await Promise.race([work(until), late]);
  } finally {
    late.catch(() => undefined);
    over.abort();
    unlink();
  }
}
