import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { textsFor } from '../../../i18n/texts.js';
import { startConfinedProgram } from '../../boundary/start-confined-program.js';
import { readArguments } from '../../command-line/read-arguments.js';
import type { Answer, RichAnswer } from '../../contract/answer.js';
import type { Destination, ModuleStore } from '../../contract/capabilities.js';
import { CommandRefusal } from '../../contract/command-refusal.js';
import type { ModuleLanguage } from '../../contract/localized.js';
import type { ModuleMessage } from '../../contract/module-message.js';
import { problemsOf } from '../../host/check-module.js';
import { importsOf, isSource } from '../check-package.js';
import { collectFiles } from '../collect-files.js';
import { foreignModule } from '../foreign-module.js';
import { ForeignModuleError } from '../foreign-module-error.js';
import { describePackage } from '../inspect-package.js';
import { compileFilter, seenMessage } from '../../watchers/compile-filter.js';

export interface TryOptions {
  language?: ModuleLanguage;
  /** Settings that are not as their defaults. */
  settings?: Readonly<Record<string, unknown>>;
  /** What `ctx.network.fetch` answers; without it the network is out of reach. */
  fetch?: (url: string) => Promise<{ status: number; headers?: Record<string, string>; body: string }>;
  /** The text that a voice has. */
  transcript?: string;
}

/** What a module did in a chat, the oldest first. */
export interface SentMessage {
  to: Destination;
  message: RichAnswer;
}

/** A module on trial: in the same process and behind the same boundary as in the daemon, with a chat that only notes what comes. */
export interface TriedModule {
  /** Types a command as the account's owner in a private chat; resolves with the text of the answer, also where it is a refusal. */
  type(line: string, options?: { replyTo?: string; asOwner?: boolean }): Promise<string>;
  /** Lets the watchers see a message: of somebody else, in a private chat, unless it is told otherwise. */
  see(message: Partial<ModuleMessage>): Promise<void>;
  /** Runs a periodic task once. */
  runTask(name: string): Promise<void>;
  readonly sent: readonly SentMessage[];
  readonly store: ReadonlyMap<string, unknown>;
  readonly log: readonly string[];
  stop(): Promise<void>;
}

const DEADLINE_MS = 60_000;

/**
 * Starts the module of a folder to be tested: `const dice = await tryModule(new URL('.', import.meta.url))`. Rejects with what is
 * wrong with it where it would not load.
 */
export async function tryModule(folder: string | URL, options: TryOptions = {}): Promise<TriedModule> {
  const place = (typeof folder === 'string' ? folder : fileURLToPath(folder)).replace(/\/$/, '');
  const { files, entry, network } = await collectFiles(place);
  const sources = Object.fromEntries([...files].filter(([path]) => isSource(path)).map(([path, bytes]) => [path, new TextDecoder().decode(bytes)]));
  for (const [path, source] of Object.entries(sources)) importsOf(path, source);
  const pack = { manifest: { entry }, sources };
  const description = await describePackage(pack, startConfinedProgram, AbortSignal.timeout(DEADLINE_MS));
  const chat = new TrialChat(options);
  const { name, version } = description;
  const { module, run } = foreignModule(
    pack,
    { name, version, sha256: '', granted: description.uses, hosts: [...network], description, loadedAtMs: 0 },
    {
      startProgram: startConfinedProgram,
      shownChats: { load: () => Promise.resolve([]), add: () => Promise.resolve() },
      halt: (why) => chat.log.push(why(textsFor('en').foreignModules)),
      texts: (language) => textsFor(language).foreignModules,
      nowMs: () => Date.now(),
      log: pino({ level: 'silent' }),
    },
  );
  const [problem] = problemsOf(module);
  if (problem !== undefined) throw new ForeignModuleError(problem);
  const settings = { ...Object.fromEntries(Object.entries(module.settings).map(([key, setting]) => [key, setting.default])), ...options.settings };
  const ctx = chat.context(module.uses, settings) as never;
  for (const migrate of module.migrations) await migrate(chat.moduleStore);
  await module.start?.(ctx, AbortSignal.timeout(DEADLINE_MS));
  return {
    sent: chat.sent,
    store: chat.stored,
    log: chat.log,
    stop: () => run.end(AbortSignal.timeout(1000)),
    type: async (line, { replyTo, asOwner = true } = {}) => {
      const language = options.language ?? 'en';
      const [, typed = '', rest = ''] = /^\.?(\S+)\s*([^]*)$/.exec(line) ?? [];
      const command = module.commands.find((one) => one.name === typed.toLowerCase() || one.aliases?.includes(typed.toLowerCase()));
      if (command === undefined) throw new ForeignModuleError(`it has no command ${typed}`);
      const replied = replyTo === undefined ? undefined : { ...trialMessage, messageId: 1, text: replyTo };
      const reading = await readArguments({ command, line: rest, language, isReply: replied !== undefined, repliedTo: () => Promise.resolve(replied) });
      if (reading.kind !== 'call') return reading.kind === 'wrong' ? reading.problem : '';
      const call = {
        message: { ...trialMessage, text: line, ...(replied !== undefined && { replyToMessageId: 1 }) },
        args: reading.args,
        flags: reading.flags,
        byOwner: asOwner,
        language,
        repliedTo: () => Promise.resolve(replied),
        progress: (text: string) => chat.log.push(text),
        confirm: () => Promise.resolve(true),
      };
      return textOf(await refusedOr(command.run(call as never, ctx, AbortSignal.timeout(command.deadlineMs ?? DEADLINE_MS))));
    },
    see: async (message) => {
      const seen: ModuleMessage = { ...trialMessage, outgoing: false, ...message };
      for (const watcher of module.watchers) if (compileFilter(watcher.filter)(seenMessage(seen))) await watcher.run(seen, ctx, AbortSignal.timeout(DEADLINE_MS));
    },
    runTask: async (task) => {
      const found = module.tasks.find((one) => one.name === task);
      if (found === undefined) throw new ForeignModuleError(`it has no task ${task}`);
      await found.run(ctx, AbortSignal.timeout(DEADLINE_MS));
    },
  };
}

const trialMessage: ModuleMessage = {
  accountId: 'main',
  chat: { kind: 'user', id: '200' },
  chatKind: 'private',
  messageId: 2,
  outgoing: true,
  edited: false,
  dateMs: 0,
  text: '',
  forwarded: false,
  viaBot: false,
  hasMedia: false,
};

async function refusedOr(answer: Promise<Answer>): Promise<Answer> {
  return answer.catch((error: unknown) => {
    if (error instanceof CommandRefusal) return error.forPerson;
    // In a test its author may read what the module said.
    throw error instanceof ForeignModuleError && error.detail !== '' ? new ForeignModuleError(`${error.message}: ${error.detail}`, '', { cause: error }) : error;
  });
}

function textOf(answer: Answer): string {
  return typeof answer === 'string' ? answer : (answer?.text ?? '');
}

/** The core of a module on trial. */
class TrialChat {
  readonly sent: SentMessage[] = [];
  readonly stored = new Map<string, unknown>();
  readonly log: string[] = [];
  readonly #options: TryOptions;
  #lastId = 1000;

  constructor(options: TryOptions) {
    this.#options = options;
  }

  readonly moduleStore: ModuleStore = {
    get: (key) => Promise.resolve(this.stored.get(key)),
    set: (key, value) => Promise.resolve(void this.stored.set(key, value)),
    delete: (key) => Promise.resolve(this.stored.delete(key)),
    keys: (prefix = '') => Promise.resolve([...this.stored.keys()].filter((key) => key.startsWith(prefix)).sort()),
    update: (key, change) => {
      const after = change(this.stored.get(key));
      if (after === undefined) this.stored.delete(key);
      else if (!isDeepStrictEqual(after, this.stored.get(key))) this.stored.set(key, after);
      return Promise.resolve(after);
    },
  };

  context(uses: readonly string[], settings: object): object {
    const line = (text: string): void => void this.log.push(text);
    const parts: Record<string, object> = {
      send: {
        send: (to: Destination, what: string | RichAnswer) => {
          this.sent.push({ to, message: typeof what === 'string' ? { text: what } : what });
          this.#lastId += 1;
          return Promise.resolve(this.#lastId);
        },
        edit: () => Promise.resolve(),
        remove: () => Promise.resolve(),
      },
      history: { message: () => Promise.resolve(undefined), person: () => Promise.resolve(undefined) },
      download: { file: () => Promise.reject(new CommandRefusal('there are no files on trial')) },
      transcribe: { voice: () => Promise.resolve({ text: this.#options.transcript ?? '', language: 'en', audioMs: 1000 }) },
      network: { fetch: (url: string) => this.#fetch(url) },
      store: this.moduleStore,
    };
    const base = { accountId: 'main', self: { id: '100', name: 'Owner' }, language: this.#options.language ?? 'en', prefix: '.', settings };
    const log = { debug: line, info: line, warn: line, error: line };
    return { ...base, log, nowMs: () => Date.now(), sleep: () => Promise.resolve(), ...Object.fromEntries(Object.entries(parts).filter(([name]) => uses.includes(name))) };
  }

  async #fetch(url: string): Promise<object> {
    if (this.#options.fetch === undefined) throw new CommandRefusal('there is no network on trial: hand in `fetch`');
    const { status, headers = {}, body } = await this.#options.fetch(url);
    return { status, headers, body: new TextEncoder().encode(body) };
  }
}
