import { leftOutOfPrompt } from '../../speech/vocabulary/prompt-of.js';
import { MAX_WORD_LENGTH, MAX_WORDS, parseVocabulary, withoutDoubles, type Vocabulary } from '../../speech/vocabulary/vocabulary.js';
import type { SpeechScope } from '../../voice/speech-scope.js';
import type { Texts } from '../../i18n/texts.js';
import type { Command } from '../command.js';
import { CommandError } from '../command-error.js';
import { isSavedMessages } from './lang.js';

/** Names and jargon, as far as the command needs them. */
export interface Vocabularies {
  /** Those of the configuration. */
  setting: Vocabulary;
  read(accountId: string, scope: SpeechScope): Promise<Vocabulary>;
  write(accountId: string, scope: SpeechScope, vocabulary: Vocabulary): Promise<void>;
}

/** `.vocab`: shows and changes the names and jargon of a chat, or in Saved Messages of the account. */
export function vocabCommand(vocabularies: Vocabularies): Command {
  return {
    name: 'vocab',
    usage: '[+ words, … | - words, … | clear]',
    describe: (texts) => texts.vocab.about,
    run: async (call, { vocab: texts }) => {
      const { accountId, chat } = call.message;
      const scope: SpeechScope = isSavedMessages(call, chat) ? { of: 'account' } : { of: 'chat', peer: chat };
      const given = call.args.join(' ');
      if (given !== '') {
        const before = await vocabularies.read(accountId, scope);
        await vocabularies.write(accountId, scope, changed(before, given, texts));
      }
      const account = await vocabularies.read(accountId, { of: 'account' });
      const here = scope.of === 'chat' ? await vocabularies.read(accountId, scope) : [];
      const lines = shown({ here, account, setting: vocabularies.setting }, texts);
      const isCleared = given !== '' && (scope.of === 'chat' ? here : account).length === 0;
      return [...(isCleared ? [texts.cleared] : []), ...lines].join('\n') || texts.none;
    },
  };
}

/** The words after `+ …`, `- …` or `clear`. @throws CommandError where it is none of these, or cannot be done */
function changed(before: Vocabulary, given: string, texts: Texts['commands']['vocab']): Vocabulary {
  if (['clear', texts.words.clear].includes(given.toLowerCase())) return [];
  const [, sign, list = ''] = /^([+\-−–])\s*(.+)$/su.exec(given) ?? [];
  const words = parseVocabulary(list);
  if (sign === undefined || words?.length === 0) throw new CommandError(texts.usage);
  const bad = new CommandError(texts.bad(MAX_WORDS, MAX_WORD_LENGTH));
  if (words === undefined) throw bad;
  if (sign === '+') {
    const after = withoutDoubles([...before, ...words]);
    if (after.length > MAX_WORDS) throw bad;
    return after;
  }
  const isIn = (list: Vocabulary, word: string): boolean => list.some((other) => other.toLowerCase() === word.toLowerCase());
  const absent = words.filter((word) => !isIn(before, word));
  if (absent.length > 0) throw new CommandError(texts.absent(absent.join(', ')));
  return before.filter((word) => !isIn(words, word));
}

function shown(
  { here, account, setting }: Record<'here' | 'account' | 'setting', Vocabulary>,
  texts: Texts['commands']['vocab'],
): string[] {
  const leftOut = leftOutOfPrompt(withoutDoubles([...setting, ...account, ...here]));
  return [
    ...(here.length > 0 ? [texts.here(here.join(', '))] : []),
    ...(account.length > 0 ? [texts.account(account.join(', '))] : []),
    ...(setting.length > 0 ? [texts.setting(setting.join(', '))] : []),
    ...(leftOut > 0 ? [texts.leftOut(leftOut)] : []),
  ];
}
