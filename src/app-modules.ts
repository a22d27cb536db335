import { ReplyError } from 'ioredis';
import { createForeignModules } from './app-foreign.js';
import type { Store } from './app-store.js';
import type { Config } from './config/load-config.js';
import { secretValues } from './config/secret-values.js';
import { errorText } from './errors.js';
import { textsFor, type Language } from './i18n/texts.js';
import { linkedAbort, withLinkedAbort } from './linked-abort.js';
import type { LogLines } from './log/log-lines.js';
import type { Logger } from './log/logger.js';
import { RuleBasedPolicy } from './modules/access/rule-based-policy.js';
import { backupModule } from './modules/builtin/backup/backup-module.js';
import { commandsModule, howToAnswer } from './modules/builtin/commands/commands-module.js';
import { evaluateModule } from './modules/builtin/evaluate/evaluate-module.js';
import { notesModule } from './modules/builtin/notes/notes-module.js';
import { reminderShape, type Reminder } from './modules/builtin/reminders/reminder.js';
import { remindersModule } from './modules/builtin/reminders/reminders-module.js';
import { reportsModule } from './modules/builtin/reports/reports-module.js';
import { securityModule } from './modules/builtin/security/security-module.js';
import { settingsModule } from './modules/builtin/settings/settings-module.js';
import { statusModule } from './modules/builtin/status/status-module.js';
import type { StatusPorts } from './modules/builtin/status/status-ports.js';
import { terminalModule } from './modules/builtin/terminal/terminal-module.js';
import { heedIgnoredOptOut, heedLateOptOut } from './modules/builtin/voice/opt-out.js';
import { voiceModule } from './modules/builtin/voice/voice-module.js';
import type { VoicePorts } from './modules/builtin/voice/voice-ports.js';
import { choicesOf } from './modules/builtin/voice/voice-settings.js';
import { CommandRunner } from './modules/commands/command-runner.js';
import { splitText } from './modules/commands/split-text.js';
import type { Transcribing } from './modules/contract/capabilities.js';
import type { Module } from './modules/contract/define-module.js';
import type { ModuleMessage } from './modules/contract/module-message.js';
import { moduleMessageOf } from './modules/host/module-message-of.js';
import { ModuleHost, type BuiltinModule } from './modules/host/module-host.js';
import { moduleNetwork } from './modules/host/module-network.js';
import type { SettingsSource } from './modules/host/settings-source.js';
import { AccountSettings } from './modules/settings/account-settings.js';
import type { SecretSeal } from './modules/settings/settings-ports.js';
import { machineZone } from './modules/values/machine-zone.js';
import { WatcherDispatch } from './modules/watchers/watcher-dispatch.js';
import { ReminderQueue } from './queue/reminder-queue.js';
import { sharedAbort } from './shared-abort.js';
import { StoredAccessRules } from './store/access-rules.js';
import { AuditList } from './store/audit-list.js';
import { StoredAccountState } from './store/stored-account-state.js';
import { StoredModuleSettings } from './store/module-settings.js';
import { openModuleStore } from './store/module-store.js';
import { ModuleSwitches } from './store/module-switches.js';
import { OwnerChoices } from './store/owner-choices.js';
import { monotonicClock, systemClock } from './supervisor/clock.js';
import type { IncomingMessage } from './telegram/incoming-message.js';
import { freshRandomId } from './telegram/random-id.js';
import type { TelegramGateway } from './telegram/telegram-gateway.js';

export interface AppModulesDependencies {
  accountId: string;
  config: Config;
  /** Of the host's configuration; the owner may choose another. */
  language: Language;
  store: Store;
  gatewayFor: (urgency: 'command' | 'progress') => TelegramGateway;
  /** Whether there is a connection to Telegram, and when there is one. */
  online: { readonly isOpen: boolean; whenOpen(signal: AbortSignal): Promise<void> };
  lines: LogLines;
  version: string;
  transcribing: Transcribing;
  seal: SecretSeal;
  voice: VoicePorts;
  status: Omit<StatusPorts, 'takesVoices'>;
  /** A command failed, and it was nobody's mistake in typing. */
  onIncident: () => void;
  log: Logger;
}

/** So many messages wait for the modules to start; those beyond that no module sees. */
const MAX_EARLY = 5000;

/** The modules of one account: everything that answers a person or watches messages. */
export class AppModules {
  readonly host: ModuleHost;
  readonly choices: OwnerChoices;
  readonly #deps: AppModulesDependencies;
  readonly #runner: CommandRunner;
  readonly #watchers: WatcherDispatch;
  readonly #foreign: ReturnType<typeof createForeignModules>['foreign'];
  readonly #reminders: ReminderQueue<Reminder>;
  readonly #stopping = sharedAbort();
  readonly #settings: SettingsSource;
  readonly #voice: Module;
  #early = 0;
  #hasBegun = false;
  #begin: () => void = () => undefined;
  readonly #begun = new Promise<void>((resolve) => (this.#begin = resolve));

  constructor(deps: AppModulesDependencies) {
    const { accountId, config, language, store, online, lines, log } = deps;
    const { redis } = store;
    this.#deps = deps;
    this.choices = new OwnerChoices({ redis, account: accountId, configured: { prefix: config.prefix, language } });
    this.#watchers = new WatcherDispatch(({ name }, missed) => {
      if (Number.isInteger(Math.log10(missed))) log.warn({ watcher: name, missed }, 'a watcher of a module is busy and misses messages');
    });
    const directory = (): ModuleHost => this.host;
    const settings = new AccountSettings({
      accountId,
      store: new StoredModuleSettings(redis, accountId),
      seal: deps.seal,
      directory,
      notTaken: (module) => this.#texts.settingsNotTaken(module),
      log,
    });
    this.#voice = voiceModule(deps.voice);
    this.#settings = this.#followed(settings);
    this.#reminders = new ReminderQueue({ redis, accountId, shape: reminderShape, log });
    const audit = new AuditList(redis, accountId, () => systemClock.nowMs());
    const rules = new StoredAccessRules(redis, accountId);
    const { foreign, loader } = createForeignModules({
      accountId,
      config,
      redis,
      audit,
      directory,
      language: () => this.choices.language,
      tell: (text) => this.#tell(text),
      nowMs: () => systemClock.nowMs(),
      log,
    });
    this.#foreign = foreign;
    const commandsPorts = {
      directory,
      aliases: () => this.choices.aliases,
      runs: () => this.#runner.runs,
      confirmations: () => this.#runner.confirmations,
    };
    const modules: BuiltinModule[] = [
      { module: commandsModule(commandsPorts), needed: true },
      { module: settingsModule({ directory, settings, choices: this.choices }), needed: true },
      { module: securityModule({ rules, audit, directory, foreign }), needed: true },
      { module: this.#voice },
      { module: statusModule({ ...deps.status, takesVoices: () => !this.host.isSwitchedOff(this.#voice.name) }) },
      { module: notesModule() },
      { module: remindersModule({ book: this.#reminders, zone: machineZone() }) },
      { module: reportsModule({ lines, online: () => online.isOpen }) },
      { module: backupModule({ state: new StoredAccountState(redis, accountId), version: deps.version }) },
      { module: loader },
      ...dangerous(config, audit),
    ];
    this.host = this.#createHost(modules);
    this.#runner = this.#createRunner(rules, audit);
  }

  /** Reads what the owner chose: how commands are typed, what is on, which voices are taken. */
  async load(): Promise<void> {
    await this.choices.load();
    await this.host.load();
    await this.#settings.open(this.#voice);
  }

  /** Resolves when all modules that are on have started, or failed to. */
  async start(signal: AbortSignal): Promise<void> {
    await this.host.start(signal);
    await this.#foreign.start(signal);
    this.#hasBegun = true;
    this.#begin();
  }

  /** Every message but the program's own: to the watchers, unless it carries a secret of the owner's, and to the commands. Resolves when what it started is done. */
  async offer(message: IncomingMessage, signal: AbortSignal): Promise<void> {
    const seen = moduleMessageOf(message);
    // What is typed while the modules start is answered once they have.
    if (!this.#hasBegun && !(await this.#untilBegun(signal))) return;
    if (this.choices.ignores(seen)) await this.#heedOptOut(seen, heedIgnoredOptOut, signal);
    else if (!this.#runner.mayCarrySecret(message)) this.#watchers.offer(seen);
    await this.#runner.handle(message, signal);
  }

  /** A message that came while nobody was there: nothing in it is answered now, but who does not want to be transcribed is heard. */
  async offerLate(message: IncomingMessage, signal: AbortSignal): Promise<void> {
    const seen = moduleMessageOf(message);
    if (seen.hasMedia || seen.forwarded) return;
    if (!this.#hasBegun && !(await this.#untilBegun(signal))) return;
    await this.#heedOptOut(seen, this.choices.ignores(seen) ? heedIgnoredOptOut : heedLateOptOut, signal);
  }

  /** Of a message that no watcher sees. */
  async #heedOptOut(message: ModuleMessage, heed: typeof heedLateOptOut, signal: AbortSignal): Promise<void> {
    const { outgoing, edited, hasMedia, forwarded } = message;
    if (outgoing || edited || hasMedia || forwarded || this.host.find(this.#voice.name)?.state !== 'on') return;
    await this.host.inModule(this.#voice.name, (ctx, until) => heed(message, ctx, this.#deps.voice, until), signal);
  }

  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the daemon is stopping'));
    await this.host.stop();
    await this.#reminders.close();
  }

  /** The voices are judged by what the owner chose whether their module has started or not. */
  #followed(settings: AccountSettings): SettingsSource {
    return {
      open: async (module) => {
        const view = await settings.open(module);
        if (module === this.#voice) this.#deps.voice.choices.follow(() => choicesOf(view as never));
        return view;
      },
    };
  }

  #createHost(modules: readonly BuiltinModule[]): ModuleHost {
    const { accountId, store, gatewayFor, transcribing, log } = this.#deps;
    const { redis } = store;
    return new ModuleHost({
      modules,
      switches: new ModuleSwitches(redis, accountId),
      settings: this.#settings,
      openStore: (module) => openModuleStore(redis, accountId, module),
      run: {
        context: {
          accountId,
          gateway: gatewayFor('command'),
          choices: this.choices,
          transcribing,
          network: moduleNetwork(() => this.#texts.network),
          notMet: () => this.#texts.notMet,
          clock: systemClock,
          log,
        },
        watchers: this.#watchers,
        steady: monotonicClock,
        isOutside: (error) => error instanceof ReplyError,
        log,
      },
      tell: (text) => this.#tell(text),
      texts: () => this.#texts,
      log,
    });
  }

  #createRunner(rules: StoredAccessRules, audit: AuditList): CommandRunner {
    const { gatewayFor, onIncident, log } = this.#deps;
    return new CommandRunner({
      directory: this.host,
      access: new RuleBasedPolicy({
        rules,
        audit,
        ignores: (message) => this.choices.ignores(message),
        senderOfReplied: (message) => this.#senderOfReplied(message),
        nowMs: () => systemClock.nowMs(),
      }),
      choices: this.choices,
      gatewayFor,
      howToAnswer: () => howToAnswer(this.choices),
      onFailure: () => onIncident(),
      clock: systemClock,
      log,
    });
  }

  /** False where the message is not to be looked at: the daemon stops, or very many wait already. */
  async #untilBegun(signal: AbortSignal): Promise<boolean> {
    if (this.#early >= MAX_EARLY) return false;
    this.#early += 1;
    const { signal: until, unlink } = linkedAbort(signal);
    const aborted = new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }));
    try {
      if (!until.aborted) await Promise.race([this.#begun, aborted]);
      return !signal.aborted;
    } finally {
      unlink();
      this.#early -= 1;
    }
  }

  get #texts(): ReturnType<typeof textsFor>['modules'] {
    return textsFor(this.choices.language).modules;
  }

  /** Into Saved Messages, as soon as there is a connection. */
  #tell(text: string): void {
    const { online, gatewayFor, log } = this.#deps;
    const { signal } = this.#stopping;
    const send = async (): Promise<void> => {
      await online.whenOpen(signal);
      const gateway = gatewayFor('command');
      for (const part of splitText({ text, entities: [] })) {
        await gateway.sendText({ chat: gateway.self.peer, text: part, randomId: freshRandomId() }, signal);
      }
    };
    send().catch((error: unknown) => {
      if (!signal.aborted) log.warn({ err: error }, `a note to the owner could not be sent: ${errorText(error)}`);
    });
  }

  async #senderOfReplied({ chat, replyToMessageId }: ModuleMessage): Promise<string | undefined> {
    if (replyToMessageId === undefined) return undefined;
    const gateway = this.#deps.gatewayFor('command');
    return withLinkedAbort([this.#stopping.signal, AbortSignal.timeout(10_000)], async (signal) => {
      const peer = await gateway.findPeer(chat, signal);
      return peer === undefined ? undefined : (await gateway.getMessage(peer, replyToMessageId, signal))?.sender?.id;
    });
  }
}

/** There only where the host's configuration names them: no word in a chat brings them in. */
function dangerous(config: Config, audit: AuditList): BuiltinModule[] {
  const makers = {
    evaluate: () => evaluateModule(),
    terminal: () => terminalModule({ audit, shell: config.terminalShell, folder: config.terminalDir, maxMs: config.terminalMaxMs, secrets: secretValues(config) }),
  };
  return (config.dangerousModules ?? []).map((name) => ({ module: makers[name]() }));
}
