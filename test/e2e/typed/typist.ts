import { describe, expect, test } from 'vitest';
import { documentedModules } from '../../../src/cli/documented-modules.js';
import { readCommandLine } from '../../../src/modules/command-line/read-command-line.js';
import type { SandboxChat, SandboxMessage, SandboxUser } from '../../../src/sandbox/control/views.js';
import { command, ground, type Ground } from '../ground.js';

export type Language = 'en' | 'ru';

/** How a line is meant: as the command wants it, mistyped, or made to do harm. */
type Intent = 'right' | 'wrong' | 'hostile';

/** Where a line is typed: in the chat with Anna unless told otherwise, in reply to nothing, answered in its own place. */
export interface Place {
  to?: SandboxUser | SandboxChat;
  replyTo?: SandboxMessage;
  /** The line goes, because it held a secret or did what it should; its answer is another message of the chat. */
  answer?: 'own' | 'another';
}

/** What must stand there in the end, in each language: a text is part of it, a pattern fits it. */
export type Said = string | RegExp | Record<Language, string | RegExp>;

/** Types lines with the real client's daemon behind them; each resolves with the message that answers once it says what it should. */
export interface Typist extends Ground {
  language: Language;
  right: (line: string, said: Said, place?: Place) => Promise<SandboxMessage>;
  /** Besides: the answer is one line. */
  wrong: (line: string, said: Said, place?: Place) => Promise<SandboxMessage>;
  hostile: (line: string, said: Said, place?: Place) => Promise<SandboxMessage>;
  /** What stands there of an earlier message now; nothing once it is deleted. */
  now: (message: SandboxMessage) => string | undefined;
}

const ANSWER_MS = 30_000;

type Script = (typist: Typist) => Promise<void>;

/**
 * Types a script at a daemon of its own in each language. Every command of the module (and only what the script says) must be typed
 * right, wrong and with intent to harm; the daemon must not have logged an error, nor have been started anew, at the end.
 */
export function typedInBothLanguages(moduleName: string, script: Script, environment: Record<string, string> = {}): void {
  typedTogether({ [moduleName]: script }, environment);
}

/** The same for several modules, one after the other at one daemon. */
export function typedTogether(scripts: Readonly<Record<string, Script>>, environment: Record<string, string> = {}): void {
  describe.each(['en', 'ru'] as const)('in %s', (language) => {
    const context = ground({ GRAMSCRIBE_PACE: 'off', ...environment });
    test.each(Object.keys(scripts))('every command of the module %s answers what is right, wrong and meant to harm', async (moduleName) => {
      await command(context, `.lang-ui ${language}`);
      const typed = new Set<string>();
      const pid = context.daemon.pid;
      const names = await commandNames(moduleName);
      const of = (intent: Intent) => async (line: string, said: Said, place: Place = {}) => {
        const name = names.nameOf(line);
        if (name !== undefined) typed.add(`${name} ${intent}`);
        const answer = await type(context, line, saidIn(said, language), place);
        if (intent === 'wrong') expect(answer.text, line.slice(0, 200)).not.toContain('\n');
        return answer;
      };
      const now = ({ chatKey, key }: SandboxMessage) => context.sandbox.messagesOf(chatKey, context.owner).find((one) => one.key === key)?.text;
      await scripts[moduleName]?.({ ...context, language, right: of('right'), wrong: of('wrong'), hostile: of('hostile'), now });
      const missing = names.all.flatMap((name) => ['right', 'wrong', 'hostile'].map((intent) => `${name} ${intent}`)).filter((one) => !typed.has(one));
      expect(missing, 'never typed').toEqual([]);
      expect(context.daemon.output.filter((line) => line.includes('"level":"error"'))).toEqual([]);
      expect(context.daemon.pid).toBe(pid);
    });
  });
}

/** The module's commands by name, and the name of the command that a line is read as, whatever its prefix, layout or alias. */
async function commandNames(moduleName: string): Promise<{ all: string[]; nameOf: (line: string) => string | undefined }> {
  const module = (await documentedModules()).find(({ name }) => name === moduleName);
  if (module === undefined) throw new Error(`There is no module ${moduleName}`);
  const byName = new Map(module.commands.flatMap(({ name, aliases }) => [name, ...(aliases ?? [])].map((known) => [known, name])));
  const reader = { choices: { prefix: '.', aliases: new Map<string, string>() }, knows: (name: string) => byName.has(name), isAddressee: () => true };
  const nameOf = (line: string): string | undefined => {
    const read = readCommandLine(line, reader);
    return read?.kind === 'command' ? byName.get(read.name) : undefined;
  };
  return { all: module.commands.map(({ name }) => name), nameOf };
}

function saidIn(said: Said, language: Language): string | RegExp {
  return typeof said === 'string' || said instanceof RegExp ? said : said[language];
}

async function type({ sandbox, owner, anna }: Ground, line: string, said: string | RegExp, { to = anna, replyTo, answer = 'own' }: Place): Promise<SandboxMessage> {
  const typed = sandbox.send.text({ from: owner, to, text: line, ...(replyTo && { replyTo }) });
  const fits = (text: string): boolean => (typeof said === 'string' ? text.includes(said) : said.test(text));
  const isAnswer = ({ key, chatKey, text }: SandboxMessage): boolean => (answer === 'own' ? key === typed.key && text !== line : key > typed.key && chatKey === typed.chatKey);
  const found = await sandbox.waitForMessage((one) => isAnswer(one) && fits(one.text), { timeoutMs: ANSWER_MS }).catch(() => undefined);
  if (found !== undefined) return found;
  const there = sandbox.messagesOf(typed.chatKey, owner).flatMap((one) => (one.key >= typed.key ? [one.text] : []));
  throw new Error(`${line.slice(0, 200)} should have become ${String(said)}; what stands there is ${JSON.stringify(there, undefined, 1)}`);
}
