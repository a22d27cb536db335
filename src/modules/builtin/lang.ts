import type { Texts } from '../../i18n/texts.js';
import { parseLanguageChoice, type LanguageChoice } from '../../speech/language/language-choice.js';
import { WHISPER_LANGUAGES } from '../../speech/languages.js';
import type { Peer } from '../../telegram/peer.js';
import type { LanguageInForce } from '../../voice/speech-knowledge.js';
import type { SpeechScope } from '../../voice/speech-scope.js';
import type { Command, CommandCall } from '../command.js';
import { CommandError } from '../command-error.js';
import { findPerson } from './find-person.js';

/** Which languages are spoken by whom and where, as far as the command needs it. */
export interface SpokenLanguages {
  inForce(accountId: string, scopes: readonly SpeechScope[]): Promise<LanguageInForce>;
  /** The one language that this person was heard in, where there is one. */
  learned(accountId: string, personId: string): Promise<string | undefined>;
  choose(accountId: string, scope: SpeechScope, choice: LanguageChoice): Promise<void>;
  /** False where nothing had been chosen. */
  reset(accountId: string, scope: SpeechScope): Promise<boolean>;
}

/** What the command is about: a person, the chat it stands in, or the account. */
interface Target {
  scope: SpeechScope;
  /** All that counts for it, the most specific first. */
  scopes: readonly SpeechScope[];
  person?: { id: string; name: string };
}

type LangTexts = Texts['commands']['lang'];

/** `.lang`: shows, chooses and resets the language of a chat, a person, or in Saved Messages of the account. */
export function langCommand(languages: SpokenLanguages): Command {
  return {
    name: 'lang',
    usage: '[@name | id] [ru | ru,en | auto | reset]',
    describe: (texts) => texts.lang.about,
    run: async (call, texts, signal) => {
      const { accountId } = call.message;
      const [named, words] = splitArguments(call.args);
      const target = await targetOf(call, named, texts, signal);
      const given = words.join(' ').toLowerCase();
      if (given === '') return (await shown(target, accountId, languages, texts.lang)).join('\n');
      if (given === 'reset' || given === texts.lang.words.reset) {
        const done = (await languages.reset(accountId, target.scope)) ? texts.lang.reset : texts.lang.nothingToReset;
        return [done, ...(await shown(target, accountId, languages, texts.lang))].join('\n');
      }
      const choice = choiceOf(given, texts.lang);
      if (choice === undefined) throw new CommandError(texts.lang.unknown(given));
      await languages.choose(accountId, target.scope, choice);
      return [texts.lang.set, ...(await shown(target, accountId, languages, texts.lang))].join('\n');
    },
  };
}

/** An `@name`, a link or an id at the start, and the rest. */
function splitArguments(args: readonly string[]): [string | undefined, readonly string[]] {
  const [first = ''] = args;
  return /^@|^\d+$|t\.me\//.test(first) ? [first, args.slice(1)] : [undefined, args];
}

async function targetOf(call: CommandCall, named: string | undefined, texts: Texts['commands'], signal: AbortSignal): Promise<Target> {
  const { chat, replyToMessageId } = call.message;
  const account: SpeechScope = { of: 'account' };
  const here: readonly SpeechScope[] = [{ of: 'chat', peer: chat }, account];
  if (named !== undefined || replyToMessageId !== undefined) {
    const person = await findPerson({ ...call, args: named === undefined ? [] : [named] }, texts, signal);
    const scope: SpeechScope = { of: 'person', id: person.peer.id };
    return { scope, scopes: [scope, ...here], person: { id: person.peer.id, name: person.name } };
  }
  if (isSavedMessages(call, chat)) return { scope: account, scopes: [account] };
  return { scope: { of: 'chat', peer: chat }, scopes: here };
}

/** What is chosen in the chat with oneself is chosen for the account. */
export function isSavedMessages({ gateway }: CommandCall, chat: Peer): boolean {
  return chat.kind === 'user' && chat.id === gateway.self.peer.id;
}

async function shown(target: Target, accountId: string, languages: SpokenLanguages, texts: LangTexts): Promise<string[]> {
  const { choice, because } = await languages.inForce(accountId, target.scopes);
  const spoken = choice.length === 0 ? texts.any : choice.map((code) => `${texts.name(code)} (${code})`).join(texts.or);
  if (target.person === undefined) {
    return [target.scope.of === 'account' ? texts.everywhere(spoken, because) : texts.here(spoken, because)];
  }
  const { id, name } = target.person;
  const learned = choice.length === 1 ? undefined : await languages.learned(accountId, id);
  return [texts.person(name, spoken, because), ...(learned === undefined ? [] : [texts.learned(name, texts.name(learned))])];
}

/** As `parseLanguageChoice`, and languages may be called by their names, in the owner's language or in English. */
function choiceOf(given: string, texts: LangTexts): LanguageChoice | undefined {
  const codes = given.split(/[\s,;+]+/).map((word) => {
    if (word === texts.words.auto) return 'auto';
    const named = Object.entries(WHISPER_LANGUAGES).find(([code, english]) => word === english || word === texts.name(code).toLowerCase());
    return named?.[0] ?? word;
  });
  return parseLanguageChoice(codes.join(','));
}
