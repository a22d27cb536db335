import { leftOutOfPrompt } from '../../../speech/vocabulary/prompt-of.js';
import { MAX_WORD_LENGTH, MAX_WORDS, parseVocabulary, withoutDoubles, type Vocabulary } from '../../../speech/vocabulary/vocabulary.js';
import type { SpeechScope } from '../../../voice/speech-scope.js';
import { CommandRefusal, type ModuleLanguage, type ModuleMessage } from '../../contract/index.js';
import { saidBack } from './arguments.js';
import { isSavedMessages } from './scope.js';
import { isWord, texts, type VoiceTexts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

export interface VocabRequest {
  message: ModuleMessage;
  /** `+ words`, `- words`, `clear`, or nothing. */
  what: string | undefined;
  language: ModuleLanguage;
}

/** `.vocab`: shows and changes the names and jargon of a chat, or in Saved Messages of the account. */
export async function vocab({ message, what, language }: VocabRequest, ctx: VoiceContext, { vocabularies }: VoicePorts): Promise<string> {
  const all = texts.of(language);
  const scope: SpeechScope = isSavedMessages(message, ctx) ? { of: 'account' } : { of: 'chat', peer: message.chat };
  const given = (what ?? '').trim();
  if (given !== '') {
    const before = await vocabularies.read(ctx.accountId, scope);
    await vocabularies.write(ctx.accountId, scope, changed(before, given, { all, prefix: ctx.prefix }));
  }
  const account = await vocabularies.read(ctx.accountId, { of: 'account' });
  const here = scope.of === 'chat' ? await vocabularies.read(ctx.accountId, scope) : [];
  const lines = shown({ here, account, setting: vocabularies.setting }, all.vocab);
  const isCleared = given !== '' && (scope.of === 'chat' ? here : account).length === 0;
  return [...(isCleared ? [all.vocab.cleared] : []), ...lines].join('\n') || all.vocab.none(ctx.prefix);
}

/** The words after `+ …`, `- …` or `clear`. @throws CommandRefusal where it is none of these, or cannot be done */
function changed(before: Vocabulary, given: string, { all, prefix }: { all: VoiceTexts; prefix: string }): Vocabulary {
  if (isWord(given, 'clear')) return [];
  const [, sign, list = ''] = /^([+\-−–—])\s*(.+)$/su.exec(given) ?? [];
  const words = parseVocabulary(list);
  if (sign === undefined || words?.length === 0) throw new CommandRefusal(all.vocab.usage(prefix));
  const bad = new CommandRefusal(all.vocab.bad(MAX_WORDS, MAX_WORD_LENGTH));
  if (words === undefined) throw bad;
  if (sign === '+') {
    const after = withoutDoubles([...before, ...words]);
    if (after.length > MAX_WORDS) throw bad;
    return after;
  }
  const isIn = (where: Vocabulary, word: string): boolean => where.some((other) => other.toLowerCase() === word.toLowerCase());
  const absent = words.filter((word) => !isIn(before, word));
  if (absent.length > 0) throw new CommandRefusal(all.vocab.absent(saidBack(absent.join(', '))));
  return before.filter((word) => !isIn(words, word));
}

function shown({ here, account, setting }: Record<'here' | 'account' | 'setting', Vocabulary>, all: VoiceTexts['vocab']): string[] {
  const leftOut = leftOutOfPrompt(withoutDoubles([...setting, ...account, ...here]));
  return [
    ...(here.length > 0 ? [all.here(here.join(', '))] : []),
    ...(account.length > 0 ? [all.account(account.join(', '))] : []),
    ...(setting.length > 0 ? [all.setting(setting.join(', '))] : []),
    ...(leftOut > 0 ? [all.leftOut(leftOut)] : []),
  ];
}
