import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { textsFor } from '../../src/i18n/texts.js';
import type { CommandLineChoices } from '../../src/modules/command-line/command-line-choices.js';
import { CommandRunner } from '../../src/modules/commands/command-runner.js';
import type { ArgumentsDefinition, CommandCall, FlagsDefinition } from '../../src/modules/contract/command-definition.js';
import type { Module } from '../../src/modules/contract/define-module.js';
import type { Network, Transcribing } from '../../src/modules/contract/capabilities.js';
import type { Answer } from '../../src/modules/contract/answer.js';
import type { ModuleLanguage } from '../../src/modules/contract/localized.js';
import type { ModuleMessage } from '../../src/modules/contract/module-message.js';
import { moduleMessageOf } from '../../src/modules/host/module-message-of.js';
import { ModuleHost, type BuiltinModule } from '../../src/modules/host/module-host.js';
import type { SettingsSource } from '../../src/modules/host/settings-source.js';
import { WatcherDispatch } from '../../src/modules/watchers/watcher-dispatch.js';
import { ModuleSwitches } from '../../src/store/module-switches.js';
import { openModuleStore } from '../../src/store/module-store.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { FakeClock, settle } from './fake-clock.js';
import { FakeGateway } from './fake-gateway.js';
import { ownCommand } from './messages.js';
import { recordedLog } from './silent-log.js';

export interface ModuleGroundOptions {
  /** Of `testRedis()`. */
  redis: Redis;
  language?: ModuleLanguage;
  /** In place of the defaults, by key; for all modules. */
  settings?: Readonly<Record<string, unknown>>;
  aliases?: ReadonlyMap<string, string>;
  /** In place of the defaults: how commands are typed and answered, and where settings are kept. */
  choices?: CommandLineChoices;
  settingsSource?: SettingsSource;
  /** People beside the owner may use everything that can be given. */
  everybody?: boolean;
  network?: Network;
  transcribing?: Transcribing;
  /** The same in two grounds: the second is the program after a restart. */
  accountId?: string;
  deadlinesMs?: { start: number; stop: number };
}

export interface TypeOptions extends Partial<IncomingMessage> {
  /** What is answered where the command asks to confirm. */
  confirm?: boolean;
}

/**
 * One module, or several, in the real host with the real runner of commands and a real store; Telegram is a `FakeGateway`, and the
 * clock stands still until it is told to go on.
 */
export class ModuleGround {
  readonly gateway = new FakeGateway();
  readonly clock = new FakeClock();
  readonly watchers: WatcherDispatch;
  readonly host: ModuleHost;
  readonly runner: CommandRunner;
  readonly accountId: string;
  /** What the owner was told of modules, in Saved Messages. */
  readonly told: string[] = [];
  readonly dropped: string[] = [];
  readonly lines: Record<string, unknown>[];
  #nextId = 1000;

  constructor(modules: readonly (Module | BuiltinModule)[], options: ModuleGroundOptions) {
    const { redis, language = 'en', aliases = new Map() } = options;
    const { log, lines } = recordedLog();
    this.lines = lines;
    this.accountId = options.accountId ?? `t${randomUUID()}`;
    const choices = options.choices ?? { prefix: '.', language, aliases, ignores: () => false };
    const unavailable = (): Promise<never> => Promise.reject(new Error('the ground was given none'));
    this.watchers = new WatcherDispatch(({ name }) => this.dropped.push(name));
    this.host = new ModuleHost({
      modules: modules.map((each) => ('module' in each ? each : { module: each })),
      switches: new ModuleSwitches(redis, this.accountId),
      settings: options.settingsSource ?? { open: ({ settings }) => Promise.resolve({ ...Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, setting.default])), ...options.settings }) },
      openStore: (module) => openModuleStore(redis, this.accountId, module),
      run: {
        context: {
          accountId: this.accountId,
          gateway: this.gateway,
          choices,
          transcribing: options.transcribing ?? { voice: unavailable },
          network: options.network ?? { fetch: unavailable },
          notMet: () => textsFor(language).modules.notMet,
          clock: this.clock,
          log,
        },
        watchers: this.watchers,
        steady: this.clock,
        isOutside: () => false,
        log,
      },
      tell: (text) => this.told.push(text),
      texts: () => textsFor(language).modules,
      log,
      ...(options.deadlinesMs === undefined ? {} : { deadlinesMs: options.deadlinesMs }),
    });
    this.runner = new CommandRunner({
      directory: this.host,
      access: {
        decide: ({ message }) =>
          Promise.resolve(message.outgoing || options.everybody === true ? { allow: true, as: message.outgoing ? 'owner' : 'rule' } : { allow: false, because: 'not-permitted', silent: true }),
        audit: () => Promise.resolve(),
      },
      choices,
      gatewayFor: () => this.gateway,
      howToAnswer: () => '.yes / .no',
      onFailure: () => undefined,
      clock: this.clock,
      log,
    });
  }

  /** Types a command as the owner (or as `over` says); resolves with what its message says afterwards, undefined where it was deleted. */
  async type(text: string, { confirm, ...over }: TypeOptions = {}): Promise<string | undefined> {
    const messageId = over.messageId ?? this.#nextId++;
    const message = ownCommand(text, { accountId: this.accountId, messageId, ...over });
    this.gateway.messages.set(messageId, { text });
    this.gateway.incoming.set(messageId, message);
    const running = { now: true };
    const handled = this.runner.handle(message, new AbortController().signal).finally(() => (running.now = false));
    // The question comes once the command has got there.
    const answer = { ...moduleMessageOf(message), replyToMessageId: messageId };
    while (confirm !== undefined && running.now && !this.runner.confirmations.answer(answer, confirm)) await settle();
    await handled;
    return this.gateway.messages.get(messageId)?.text;
  }

  /** Calls a command with arguments that were read already; resolves with its answer, rejects as it does. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>> = {},
    over: Partial<CommandCall<ArgumentsDefinition, FlagsDefinition>> & { replyTo?: ModuleMessage } = {},
  ): Promise<Answer> {
    const found = this.host.findCommand(name);
    if (found === undefined) throw new Error(`no module that is on has a command ${name}`);
    const { replyTo, ...rest } = over;
    const flags = Object.fromEntries(Object.entries(found.command.flags ?? {}).map(([flag, { kind }]) => [flag, kind === 'boolean' ? false : undefined]));
    const call = {
      message: moduleMessageOf(ownCommand(`.${name}`, { accountId: this.accountId, messageId: this.#nextId++ })),
      args,
      flags,
      byOwner: true,
      language: this.runnerLanguage,
      repliedTo: () => Promise.resolve(replyTo),
      progress: () => undefined,
      confirm: () => Promise.resolve(true),
      ...rest,
    };
    return this.host.inModule(found.module.name, (ctx, signal) => found.command.run(call as never, ctx, signal), new AbortController().signal);
  }

  /** Shows a message to the watchers, and lets them do what they do at once. */
  async offer(message: IncomingMessage): Promise<void> {
    const own = { ...message, accountId: this.accountId };
    this.gateway.incoming.set(own.messageId, own);
    if (own.outgoing) this.gateway.messages.set(own.messageId, { text: own.text });
    this.watchers.offer(moduleMessageOf(own));
    await settle();
  }

  private get runnerLanguage(): ModuleLanguage {
    const [{ module } = { module: undefined }] = this.host.list().filter(({ state }) => state === 'on');
    return module === undefined ? 'en' : (this.host.contextOf(module.name) as { language: ModuleLanguage }).language;
  }
}

/** A ground whose modules have been started. */
export async function moduleGround(modules: Module | readonly (Module | BuiltinModule)[], options: ModuleGroundOptions): Promise<ModuleGround> {
  const ground = new ModuleGround('name' in modules ? [modules] : modules, options);
  await ground.host.load();
  await ground.host.start(new AbortController().signal);
  return ground;
}
