import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ConfinedProgram, ConfinementEnd, ConfinementLimits } from '../boundary/confined-program.js';
import type { ConfinedProgramOptions } from '../boundary/start-confined-program.js';
import { foreignDescription, type ForeignDescription } from './foreign-description.js';
import { ForeignModuleError } from './foreign-module-error.js';

/** Starts a program behind the boundary: `startConfinedProgram`. */
export type StartProgram = (options: ConfinedProgramOptions, signal: AbortSignal) => Promise<ConfinedProgram>;

/** What a module of somebody else may take. A second on the CPU is long for the answer to one message. */
export const foreignLimits: ConfinementLimits = { memoryBytes: 64_000_000, callMs: 2000, outputBytes: 4_000_000 };

/** One of a module's functions, and what it is called with. */
export interface Invocation {
  kind: 'start' | 'stop' | 'intervals' | 'settingsChanged' | 'migration' | 'task' | 'watcher' | 'command';
  name?: string;
  input?: unknown;
  /** What `ctx` says inside that is no function. */
  facts?: unknown;
}

const outcome = z.union([
  z.strictObject({ ok: z.unknown() }),
  z.strictObject({ refused: z.string() }),
  z.strictObject({ failed: z.strictObject({ name: z.string(), message: z.string(), stack: z.string() }) }),
]);

const MAX_REFUSAL = 1000;

/** What runs: the JavaScript of a package, and which of its files is the module. */
export interface ProgramFiles {
  manifest: { entry: string };
  sources: Readonly<Record<string, string>>;
}

/** The module of a package, alive behind the boundary. */
export class ForeignProgram {
  readonly #program: ConfinedProgram;

  private constructor(program: ConfinedProgram) {
    this.#program = program;
  }

  /** Runs its files once, so that it can be described and called. Rejects where that fails; nothing is left running then. */
  static async start(pack: ProgramFiles, parts: { startProgram: StartProgram; limits?: ConfinementLimits } & Pick<ConfinedProgramOptions, 'hostCall' | 'log'>, signal: AbortSignal): Promise<ForeignProgram> {
    const { startProgram, ...rest } = parts;
    const own = Object.entries(pack.sources).map(([path, source]) => [`package/${path}`, source]);
    const modules = { ...(await runtimeModules(pack.manifest.entry)), ...(Object.fromEntries(own) as Record<string, string>) };
    return new ForeignProgram(await startProgram({ modules, entry: 'gramscribe:runtime', limits: foreignLimits, ...rest }, signal));
  }

  get ended(): Promise<ConfinementEnd> {
    return this.#program.ended;
  }

  residentBytes(): Promise<number | undefined> {
    return this.#program.residentBytes();
  }

  /** Rejects with `ForeignModuleError` where what it says of itself is not of the form that it has to have. */
  async describe(signal: AbortSignal): Promise<ForeignDescription> {
    const parsed = foreignDescription.safeParse(await this.#program.call('describe', null, signal));
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const problem = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`.slice(0, 200);
    throw new ForeignModuleError('what it says of itself has not the form of a module', problem);
  }

  /** Rejects with the module's own `CommandRefusal`, with `ForeignModuleError`, or as the boundary does. */
  async invoke(scope: number, invocation: Invocation, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const abort = (): void => void this.#program.call('abort', { scope }, AbortSignal.timeout(1000)).catch(() => undefined); // It ended, or will be ended by its deadline.
    signal.addEventListener('abort', abort, { once: true });
    try {
      const crossed = outcome.safeParse(await this.#program.call('invoke', { scope, ...invocation }, signal));
      if (!crossed.success) throw new ForeignModuleError('its answer has not the form of one');
      if ('refused' in crossed.data) throw new CommandRefusal(crossed.data.refused.slice(0, MAX_REFUSAL));
      if ('failed' in crossed.data) throw ForeignModuleError.of(crossed.data.failed);
      return crossed.data.ok;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async stop(): Promise<void> {
    await this.#program.stop();
  }
}

/** Before the module itself runs. */
const INSTALL =
  "import { ModuleAbortController as AbortController, Utf8Encoder as TextEncoder, Utf8Decoder as TextDecoder } from 'gramscribe:globals';" +
  'Object.assign(globalThis, { AbortController, TextEncoder, TextDecoder });';

async function runtimeModules(entry: string): Promise<Record<string, string>> {
  const source = async (name: string): Promise<string> => readFile(new URL(`./inside/${name}.mjs`, import.meta.url), 'utf8');
  return {
    'gramscribe/module': await source('module-api'),
    'gramscribe:globals': await source('globals'),
    'gramscribe:runtime': await source('runtime'),
    'gramscribe:install': INSTALL,
    'gramscribe:entry': `export { default } from ${JSON.stringify(`package/${entry}`)};`,
  };
}
