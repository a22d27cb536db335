import { leftOutOfPrompt } from '../../../speech/vocabulary/prompt-of.js';
import { MAX_WORD_LENGTH, MAX_WORDS, parseVocabulary, withoutDoubles, type Vocabulary } from '../../../speech/vocabulary/vocabulary.js';
import { CommandRefusal } from '../../contract/index.js';
import { saidBack } from './arguments.js';
import type { ScopedRequest } from './mode.js';
import { targetOf, type Target } from './scope.js';
import { isWord, texts, type VoiceTexts } from './texts.js';
import type { VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.vocab`: shows and changes the names and jargon of a person, of a chat, or in Saved Messages of the account: `+ words`, `- words`, `clear`, or nothing. */
export async function vocab({ who, message, what, language }: ScopedRequest, ctx: VoiceContext, { vocabularies }: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(language);
  const target = await targetOf(who, message, { ctx, texts: all }, signal);
  const read = (scope: Target['scope']): Promise<Vocabulary> => vocabularies.read(ctx.accountId, scope);
  const given = (what ?? '').trim();
  if (given !== '') await vocabularies.write(ctx.accountId, target.scope, changed(await read(target.scope), given, { all, prefix: ctx.prefix }));
  const chosen = await Promise.all(target.scopes.map(async (scope) => ({ scope, words: await read(scope) })));
  const isCleared = given !== '' && chosen[0]?.words.length === 0;
  const lines = shown(chosen, target, vocabularies.setting, all.vocab);
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

/** @param chosen for each scope of the target, the most specific first */
function shown(chosen: readonly { scope: Target['scope']; words: Vocabulary }[], { person }: Target, setting: Vocabulary, all: VoiceTexts['vocab']): string[] {
  const leftOut = leftOutOfPrompt(withoutDoubles([...setting, ...[...chosen].reverse().flatMap(({ words }) => words)]));
  const line = { person: (words: string) => all.person(person?.name ?? '', words), chat: all.here, account: all.account };
  return [
    ...chosen.flatMap(({ scope, words }) => (words.length > 0 ? [line[scope.of](words.join(', '))] : [])),
    ...(setting.length > 0 ? [all.setting(setting.join(', '))] : []),
    ...(leftOut > 0 ? [all.leftOut(leftOut)] : []),
  ];
}
