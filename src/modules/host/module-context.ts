import type { Clock } from '../../supervisor/clock.js';
import type { Logger } from '../../log/logger.js';
import { errorText, AppError } from '../../errors.js';
import type { Peer } from '../../telegram/peer.js';
import type { Person as TelegramPerson, TelegramGateway } from '../../telegram/telegram-gateway.js';
import type { CommandLineChoices } from '../command-line/command-line-choices.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { Capability, CapabilityParts, Destination, ModuleStore, Network, Person, Transcribing } from '../contract/capabilities.js';
import type { Module } from '../contract/define-module.js';
import type { ModuleContext, ModuleLog } from '../contract/module-context.js';
import { moduleMessageOf } from './module-message-of.js';
import { moduleSending } from './module-sending.js';
import type { ModuleScope } from './module-scope.js';

export interface ModuleContextDependencies {
  accountId: string;
  /** At urgency `command`. */
  gateway: TelegramGateway;
  choices: Pick<CommandLineChoices, 'prefix' | 'language'>;
  transcribing: Transcribing;
  network: Network;
  /** What a person reads where a chat or person is not known to the account. */
  notMet: () => string;
  clock: Clock;
  log: Logger;
}

/** What belongs to this one run of the module. */
export interface RunParts {
  scope: ModuleScope;
  settings: Readonly<Record<string, unknown>>;
  store: ModuleStore;
  /** Throws where the module has sent too much. */
  spend: () => void;
}

const MAX_FILE_BYTES = 50_000_000;

/** What a module works with: what it declared and nothing else. Whatever it asks for ends with its run. */
export function moduleContext(module: Pick<Module, 'name' | 'uses'>, run: RunParts, deps: ModuleContextDependencies): ModuleContext<Readonly<Record<string, never>>, Capability> {
  const { accountId, gateway, choices, clock, log } = deps;
  const parts = capabilityParts(module.name, run, deps);
  const granted = Object.assign({}, ...module.uses.map((capability) => parts[capability]())) as object;
  const context = {
    accountId,
    get self(): Person {
      return personOf(gateway.self);
    },
    get language() {
      return choices.language;
    },
    get prefix() {
      return choices.prefix;
    },
    settings: run.settings,
    log: moduleLog(log, module.name),
    nowMs: () => clock.nowMs(),
    sleep: (ms: number, signal: AbortSignal) => run.scope.run((both) => clock.sleep(ms, both), signal),
  };
  return Object.freeze(Object.defineProperties(context, Object.getOwnPropertyDescriptors(granted))) as ReturnType<typeof moduleContext>;
}

function capabilityParts(name: string, { scope, store, spend }: RunParts, deps: ModuleContextDependencies): { [K in Capability]: () => CapabilityParts[K] } {
  const { accountId, gateway, transcribing, network } = deps;
  const chat = async (to: Destination, signal: AbortSignal): Promise<Peer> => findChat(to, deps, signal);
  const sending = moduleSending({ accountId, module: name, gateway, chat, spend });
  return {
    send: () => ({
      send: {
        send: (to, what, options, signal) => scope.run((both) => sending.send(to, what, options, both), signal),
        edit: (to, messageId, text, signal) => scope.run((both) => sending.edit(to, messageId, text, both), signal),
        remove: (to, messageIds, signal) => scope.run((both) => sending.remove(to, messageIds, both), signal),
      },
    }),
    history: () => ({
      history: {
        message: (to, messageId, signal) =>
          scope.run(async (both) => {
            const found = await gateway.getMessage(await chat(to, both), messageId, both);
            return found === undefined ? undefined : moduleMessageOf(found);
          }, signal),
        person: (reference, signal) => scope.run((both) => findPerson(reference, gateway, both), signal),
      },
    }),
    download: () => ({
      download: {
        file: (message, maxBytes, signal) =>
          scope.run(async (both) => gateway.downloadFile(await chat(message.chat, both), message.messageId, Math.min(maxBytes, MAX_FILE_BYTES), both), signal),
      },
    }),
    transcribe: () => ({ transcribe: { voice: (message, signal) => scope.run((both) => transcribing.voice(message, both), signal) } }),
    network: () => ({ network: { fetch: (url, request, signal) => scope.run((both) => network.fetch(url, request, both), signal) } }),
    store: () => ({
      store: {
        get: (key) => scope.run(() => store.get(key)),
        set: (key, value) => scope.run(() => store.set(key, value)),
        delete: (key) => scope.run(() => store.delete(key)),
        keys: (prefix) => scope.run(() => store.keys(prefix)),
        update: (key, change) => scope.run(() => store.update(key, change)),
      },
    }),
  };
}

async function findChat(to: Destination, { gateway, notMet }: ModuleContextDependencies, signal: AbortSignal): Promise<Peer> {
  if (to === 'saved') return gateway.self.peer;
  const found = await gateway.findPeer({ kind: to.kind, id: to.id }, signal);
  if (found === undefined) throw new CommandRefusal(notMet());
  return found;
}

async function findPerson(reference: string, gateway: TelegramGateway, signal: AbortSignal): Promise<Person | undefined> {
  const name = reference.trim();
  if (name === 'me') return personOf(gateway.self);
  const found = /^\d{1,16}$/.test(name) ? await gateway.findPersonById(name, signal) : await gateway.findPersonByUsername(name.replace(/^@/, ''), signal);
  return found === undefined ? undefined : personOf(found);
}

function personOf({ peer, name, username }: TelegramPerson): Person {
  return { id: peer.id, name, ...(username === undefined ? {} : { username }) };
}

/** Lines of the module, marked as its own. Of an error that is not ours only its class is told: it may quote a message. */
function moduleLog(log: Logger, module: string): ModuleLog {
  const own = log.child({ module });
  return {
    debug: (text) => own.debug(text),
    info: (text) => own.info(text),
    warn: (text) => own.warn(text),
    error: (text, error) => {
      if (error === undefined) own.error(text);
      else own.error({ err: error }, error instanceof AppError ? `${text}: ${errorText(error)}` : text);
    },
  };
}
