import quickjs from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import { PRELUDE } from './prelude.mjs';

/**
 * @typedef {import('quickjs-emscripten-core').QuickJSContext} Context
 * @typedef {import('quickjs-emscripten-core').QuickJSHandle} Handle
 *
 * @typedef {object} GuestOptions
 * @property {number} memoryBytes
 * @property {number} callMs
 * @property {number} outputBytes
 * @property {(id: number, isGood: boolean, json: string) => void} settled a call has ended
 * @property {(id: number, name: string, json: string) => void} asked the program calls the core
 * @property {(level: string, text: string) => void} said a line of its console
 *
 * @typedef {'time' | 'memory' | 'crash' | 'flood'} Over
 * @typedef {{buffer: ArrayBuffer, grow: (this: Growing, pages: number) => number}} Growing WebAssembly.Memory, of which Node's types know nothing
 */

/** Of QuickJS' own: top-level await in a script, which answers a promise of `{value}`. */
const EVAL_ASYNC = 1 << 7;
const WASM_PAGE_BYTES = 65_536;
/** What QuickJS may use of the C stack. Node is started with thirty times as much, which is what the deepest of its C code needs. */
const STACK_BYTES = 128 * 1024;
const MAX_LINE_CHARS = 4000;
const MAX_OPEN = 64;
const MAX_TIMERS = 64;
const MAX_TIMER_MS = 600_000;
const MICROS = 1000;

/** The engine with one program in it. Whatever goes wrong in it for good is found in `over`; it is worth nothing then. */
export class Guest {
  /** @type {Over | undefined} */
  over;
  /** @type {GuestOptions} */
  #options;
  /** @type {Context} */
  #context;
  /** @type {Handle} */
  #dispatch;
  /** Whose time on the CPU it is: the call that began what runs. */
  #owner = 0;
  #sliceBegan = now();
  /** What a call has used in the slices before this one, in microseconds. @type {Map<number, number>} */
  #used = new Map();
  /** What each call may still say. @type {Map<number, number>} */
  #maySay = new Map();
  /** Calls that have not ended. @type {Set<number>} */
  #calls = new Set();
  /** What it asked of the core, for which call. @type {Map<number, number>} */
  #open = new Map();
  /** @type {Map<number, {owner: number, timer: NodeJS.Timeout}>} */
  #timers = new Map();

  /** @param {GuestOptions} options @param {Context} context */
  constructor(options, context) {
    this.#options = options;
    this.#context = context;
    context.runtime.setInterruptHandler(() => this.over !== undefined || this.#isOverTime() || isOrphan());
    this.#dispatch = this.#installPrelude();
  }

  /** @param {GuestOptions} options @returns {Promise<Guest>} */
  static async create(options) {
    const refused = boundMemory(options.memoryBytes);
    const engine = await newQuickJSWASMModuleFromVariant(/** @type {import('quickjs-emscripten-core').QuickJSSyncVariant} */ (/** @type {unknown} */ (quickjs)));
    const runtime = engine.newRuntime();
    runtime.setMaxStackSize(STACK_BYTES);
    const guest = new Guest(options, runtime.newContext());
    guest.#wasRefused = refused;
    return guest;
  }
  /** Whether the last wish for more memory was refused. @type {() => boolean} */
  #wasRefused = () => false;

  /**
   * Runs the entry; `settled(0, …)` tells when it is done, with the names that it exports.
   * @param {ReadonlyMap<string, string>} modules @param {string} entry
   */
  load(modules, entry) {
    const { runtime } = this.#context;
    runtime.setModuleLoader(
      (name) => modules.get(name) ?? { error: new Error(`there is no ${name} to import: a program has its own files and nothing else`) },
      (base, name) => resolved(base, name),
    );
    this.#calls.add(0);
    this.#slice(0, () => {
      const result = this.#context.evalCode(modules.get(entry) ?? '', entry, { type: 'module' });
      if (result.error) this.#dispatched('refuse', result.error);
      else this.#dispatched('load', result.value);
    });
  }

  /** @param {number} id @param {string} name @param {string} json */
  call(id, name, json) {
    this.#calls.add(id);
    this.#slice(id, () => this.#dispatched('call', id, name, json));
  }

  /** @param {number} id of what was asked @param {boolean} isGood @param {string} json */
  answer(id, isGood, json) {
    const owner = this.#open.get(id);
    if (owner === undefined) return;
    this.#open.delete(id);
    this.#slice(owner, () => this.#dispatched('answer', id, isGood ? 1 : 0, json));
  }

  /** @param {number} owner @param {() => void} run */
  #slice(owner, run) {
    if (this.over !== undefined) return;
    this.#owner = owner;
    this.#sliceBegan = now();
    try {
      run();
      this.#drain();
    } catch {
      // A trap of WebAssembly, or a stack that is used up in the middle of C code: nothing in there can be relied upon.
      this.over ??= 'crash';
    }
    if (this.#wasRefused()) this.over = 'memory';
    else if (this.over === undefined && this.#isOverTime()) this.over = 'time';
    this.#used.set(owner, this.#usedNow());
    if (this.over === undefined) this.#tidy();
  }

  #drain() {
    const { runtime } = this.#context;
    while (runtime.hasPendingJob() && this.over === undefined) {
      if (this.#isOverTime()) this.over = 'time';
      else runtime.executePendingJobs(100).dispose();
    }
  }

  /** A call that waits for nothing any more never ends; what is known of calls that have ended goes. */
  #tidy() {
    const owners = new Set([...this.#open.values(), ...[...this.#timers.values()].map(({ owner }) => owner)]);
    if (owners.size === 0) {
      for (const id of this.#calls) this.#settle(id, false, STUCK);
    }
    for (const id of this.#used.keys()) {
      if (this.#calls.has(id) || owners.has(id)) continue;
      this.#used.delete(id);
      this.#maySay.delete(id);
    }
  }

  /** @param {number} id @param {boolean} isGood @param {string} json */
  #settle(id, isGood, json) {
    // What it caught of its own end is no answer.
    if (this.#wasRefused()) this.over = 'memory';
    if (this.over !== undefined) return;
    if (this.#calls.delete(id)) this.#options.settled(id, isGood, json);
  }

  #usedNow() {
    const { cpuMicros, wallMicros } = now();
    // Node's own threads compile beside it, and others may have the processor: the lesser is nearer to what it took itself.
    const slice = Math.min(cpuMicros - this.#sliceBegan.cpuMicros, wallMicros - this.#sliceBegan.wallMicros);
    return (this.#used.get(this.#owner) ?? 0) + slice;
  }

  #isOverTime() {
    if (this.#usedNow() <= this.#options.callMs * MICROS) return false;
    this.over ??= 'time';
    return true;
  }

  /** @param {string} kind @param {...(number | string | Handle)} values */
  #dispatched(kind, ...values) {
    const context = this.#context;
    const handles = [kind, ...values].map((value) =>
      typeof value === 'string' ? context.newString(value) : typeof value === 'number' ? context.newNumber(value) : value,
    );
    context.callFunction(this.#dispatch, context.undefined, handles).dispose();
    for (const handle of handles) handle.dispose();
  }

  /** @returns {Handle} */
  #installPrelude() {
    const context = this.#context;
    const bridge = context.newObject();
    /** @param {string} name @param {(...handles: Handle[]) => void} run */
    const give = (name, run) => context.newFunction(name, (...handles) => void run(...handles)).consume((made) => context.setProp(bridge, name, made));
    const number = (/** @type {Handle} */ handle) => context.getNumber(handle);
    const string = (/** @type {Handle} */ handle) => context.getString(handle);
    give('settle', (id, good, json) => this.#settle(number(id), number(good) === 1, string(json)));
    give('ask', (id, name, json) => this.#ask(number(id), string(name), string(json)));
    give('line', (level, text) => this.#line(string(level), string(text)));
    give('later', (id, delayMs) => this.#later(number(id), number(delayMs)));
    give('never', (id) => this.#never(number(id)));
    context
      .newFunction('evaluate', (code, fileName) => context.evalCode(string(code), string(fileName), EVAL_ASYNC))
      .consume((made) => context.setProp(bridge, 'evaluate', made));
    const install = context.unwrapResult(context.evalCode(PRELUDE, 'prelude.js'));
    const limits = [this.#options.outputBytes, MAX_LINE_CHARS].map((limit) => context.newNumber(limit));
    return context.unwrapResult(context.callFunction(install, context.undefined, [bridge, ...limits]));
  }

  /** @param {number} id @param {string} name @param {string} json */
  #ask(id, name, json) {
    if (this.#open.size >= MAX_OPEN) throw new Error(`more than ${MAX_OPEN} calls of the host at once`);
    this.#open.set(id, this.#owner);
    this.#options.asked(id, name, json);
  }

  /** @param {string} level @param {string} text */
  #line(level, text) {
    const left = this.#maySay.get(this.#owner) ?? this.#options.outputBytes;
    if (left <= 0) return;
    const bytes = Buffer.byteLength(text) + 1;
    this.#maySay.set(this.#owner, left - bytes);
    this.#options.said(level, bytes > left ? '…' : text);
  }

  /** @param {number} id @param {number} delayMs */
  #later(id, delayMs) {
    if (this.#timers.size >= MAX_TIMERS) throw new Error(`more than ${MAX_TIMERS} timers at once`);
    const owner = this.#owner;
    const run = () => {
      this.#timers.delete(id);
      this.#slice(owner, () => this.#dispatched('fire', id));
      this.onTurn();
    };
    this.#timers.set(id, { owner, timer: setTimeout(run, Math.min(Math.max(delayMs, 1), MAX_TIMER_MS)) });
  }

  /** Told after each turn that the program took by itself. */
  onTurn = () => {};

  /** @param {number} id */
  #never(id) {
    clearTimeout(this.#timers.get(id)?.timer);
    this.#timers.delete(id);
  }
}

const STUCK = JSON.stringify({ name: 'Error', message: 'it waits for something that cannot happen', stack: '' });

/**
 * QuickJS' own limit does not see all that the engine allocates (justjake/quickjs-emscripten#255), so the engine's memory itself
 * is kept from growing: an allocation then fails inside.
 * @param {number} maxBytes
 * @returns {() => boolean} whether the last wish was refused
 */
function boundMemory(maxBytes) {
  let isRefused = false;
  const { prototype } = /** @type {{Memory: {prototype: Growing}}} */ (Reflect.get(globalThis, 'WebAssembly')).Memory;
  const grow = prototype.grow;
  prototype.grow = function (pages) {
    isRefused = this.buffer.byteLength + pages * WASM_PAGE_BYTES > maxBytes;
    if (isRefused) throw new RangeError('more memory than it may take');
    return grow.call(this, pages);
  };
  return () => isRefused;
}

/** @param {string} base @param {string} name @returns {string} */
function resolved(base, name) {
  return /^\.{1,2}\//.test(name) ? new URL(name, `file:///${base}`).pathname.slice(1) : name;
}

const PARENT = process.ppid;

/** A program that never comes to rest would not see that its pipe has closed. */
function isOrphan() {
  if (process.ppid !== PARENT) process.kill(-process.pid, 'SIGKILL');
  return false;
}

function now() {
  const { user, system } = process.cpuUsage();
  return { cpuMicros: user + system, wallMicros: performance.now() * MICROS };
}
