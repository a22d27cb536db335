import type { AccessDecision, AccessPolicy, AccessRequest } from '../../src/modules/access/access-policy.js';
import { commandsModule, howToAnswer } from '../../src/modules/builtin/commands/commands-module.js';
import { CommandRunner } from '../../src/modules/commands/command-runner.js';
import type { Module, ModuleLanguage } from '../../src/modules/contract/index.js';
import type { ListedModule, ModuleDirectory } from '../../src/modules/host/module-directory.js';
import { sharedAbort } from '../../src/shared-abort.js';
import type { IncomingMessage } from '../../src/telegram/incoming-message.js';
import { FakeClock } from './fake-clock.js';
import { FakeGateway } from './fake-gateway.js';
import { message, ownCommand } from './messages.js';
import { recordedLog } from './silent-log.js';

/** Lets the owner, and by id those who were permitted, whatever they call. */
class OpenTo implements AccessPolicy {
  readonly audited: [AccessRequest, AccessDecision][] = [];
  constructor(readonly permitted: readonly string[]) {}
  decide({ message: { outgoing, edited, sender }, command: { access }, steersOwn }: AccessRequest): Promise<AccessDecision> {
    if (outgoing && access === 'typed' && edited) return Promise.resolve({ allow: false, because: 'must-be-typed', silent: false });
    if (outgoing) return Promise.resolve({ allow: true, as: 'owner' });
    if (sender === undefined || (steersOwn !== true && !this.permitted.includes(sender.id))) return Promise.resolve({ allow: false, because: 'not-permitted', silent: true });
    if (access !== undefined && access !== 'grantable') return Promise.resolve({ allow: false, because: 'owner-only', silent: false });
    return Promise.resolve({ allow: true, as: 'rule' });
  }
  audit(request: AccessRequest, decision: AccessDecision): Promise<void> {
    this.audited.push([request, decision]);
    return Promise.resolve();
  }
}

export interface CommandGroundOptions {
  language?: ModuleLanguage;
  prefix?: string;
  aliases?: ReadonlyMap<string, string>;
  permitted?: readonly string[];
  off?: readonly string[];
}

/** The runner with the module `commands` and those of the test, a chat that behaves as Telegram does, and a clock that stands still. */
export function commandGround(modules: readonly Module[], options: CommandGroundOptions = {}) {
  const { language = 'en', prefix = '.', aliases = new Map<string, string>(), permitted = [], off = [] } = options;
  const gateway = new FakeGateway();
  const clock = new FakeClock();
  const { log, lines } = recordedLog();
  const failures: string[] = [];
  const access = new OpenTo(permitted);
  const ports = { directory: () => directory, aliases: () => aliases, runs: () => runner.runs, confirmations: () => runner.confirmations };
  const all: ListedModule[] = [...modules, commandsModule(ports)].map((module) => ({
    module,
    origin: 'builtin',
    state: off.includes(module.name) ? 'off' : 'on',
    errors: 0,
  }));
  const directory: Pick<ModuleDirectory, 'list' | 'find' | 'findCommand' | 'inModule'> = {
    list: () => all,
    find: (name) => all.find(({ module }) => module.name === name),
    findCommand: (name) =>
      all
        .filter(({ state }) => state === 'on')
        .flatMap(({ module }) => module.commands.map((command) => ({ module, command })))
        .find(({ command }) => command.name === name || command.aliases?.includes(name)),
    inModule: (_name, work, signal) => work({ prefix, language } as never, signal),
  };
  const choices = { prefix, language, aliases, ignores: () => false };
  const runner: CommandRunner = new CommandRunner({
    directory,
    access,
    choices,
    gatewayFor: () => gateway,
    howToAnswer: () => howToAnswer(choices),
    onFailure: (module) => void failures.push(module),
    clock,
    log,
  });
  const stop = sharedAbort();
  let nextId = 10;
  const offer = (incoming: IncomingMessage): Promise<void> => runner.handle(incoming, stop.signal);
  return {
    gateway,
    clock,
    lines,
    failures,
    access,
    runner,
    stop,
    offer,
    /** The owner types it; what they typed stands in the chat under the id that comes back. */
    type(text: string, over: Partial<IncomingMessage> = {}): { id: number; done: Promise<void> } {
      const id = over.messageId ?? nextId++;
      gateway.messages.set(id, { text });
      return { id, done: offer(ownCommand(text, { messageId: id, ...over })) };
    },
    /** As `type`, by Anna (5). */
    hear(text: string, over: Partial<IncomingMessage> = {}): { id: number; done: Promise<void> } {
      const id = over.messageId ?? nextId++;
      return { id, done: offer(message({ text, messageId: id, ...over })) };
    },
    /** What stands where the owner typed it, once that is answered. */
    async answerTo(text: string, over: Partial<IncomingMessage> = {}): Promise<string | undefined> {
      const { id, done } = this.type(text, over);
      await done;
      return gateway.messages.get(id)?.text;
    },
  };
}
