import { languageName } from '../../../i18n/language-name.js';
import { MAX_LANGUAGES, parseLanguageChoice, type LanguageChoice } from '../../../speech/language/language-choice.js';
import { WHISPER_LANGUAGES } from '../../../speech/languages.js';
import { nearestOf } from '../../command-line/nearest.js';
import { CommandRefusal } from '../../contract/index.js';
import { saidBack } from './arguments.js';
import type { ScopedRequest } from './mode.js';
import { targetOf, type Target } from './scope.js';
import { isWord, texts, type VoiceTexts } from './texts.js';
import type { LanguagesPort, VoicePorts } from './voice-ports.js';
import type { VoiceContext } from './voice-settings.js';

/** `.lang`: shows, chooses and resets the language of a chat, a person, or in Saved Messages of the account. */
export async function lang(request: ScopedRequest, ctx: VoiceContext, { languages }: VoicePorts, signal: AbortSignal): Promise<string> {
  const all = texts.of(request.language);
  const target = await targetOf(request.who, request.message, { ctx, texts: all }, signal);
  const given = (request.what ?? '').trim().toLowerCase();
  const inForce = (): Promise<string[]> => shown(target, ctx.accountId, languages, all);
  if (given === '') return (await inForce()).join('\n');
  if (isWord(given, 'reset')) {
    const done = (await languages.reset(ctx.accountId, target.scope)) ? all.lang.reset : all.lang.nothingToReset;
    return [done, ...(await inForce())].join('\n');
  }
  const choice = choiceOf(given, all);
  await languages.choose(ctx.accountId, target.scope, choice);
  return [all.lang.set, ...(await inForce())].join('\n');
}

async function shown(target: Target, account: string, languages: LanguagesPort, { lang: all }: VoiceTexts): Promise<string[]> {
  const { choice, because } = await languages.inForce(account, target.scopes);
  const spoken = choice.length === 0 ? all.any : choice.map((code) => `${all.name(code)} (${code})`).join(all.or);
  const why = all.because[because];
  if (target.person === undefined) return [target.scope.of === 'account' ? all.everywhere(spoken, why) : all.here(spoken, why)];
  const { id, name } = target.person;
  const learned = choice.length === 1 ? undefined : await languages.learned(account, id);
  return [all.person(name, spoken, why), ...(learned === undefined ? [] : [all.learned(name, all.name(learned))])];
}

const LOCALES = ['en', 'ru'];

/** As `parseLanguageChoice`, and languages may be called by their names, in English or Russian. @throws CommandRefusal */
function choiceOf(given: string, all: VoiceTexts): LanguageChoice {
  const named = new Map<string, string>();
  for (const [code, english] of Object.entries(WHISPER_LANGUAGES)) {
    for (const name of [code, english, ...LOCALES.map((locale) => languageName(code, locale).toLowerCase())]) named.set(name, code);
  }
  // Two letters are near to too many others.
  const names = [...named.keys()].filter((name) => name.length > 3);
  const words = given.split(/[\s,;+]+/).filter((word) => word !== '');
  if (words.length === 1 && isWord(given, 'auto')) return [];
  if (words.some((word) => isWord(word, 'auto'))) throw new CommandRefusal(all.lang.autoAlone);
  const unknown = words.find((word) => !named.has(word)) ?? (words.length === 0 ? given : undefined);
  if (unknown !== undefined) throw new CommandRefusal(all.lang.unknown(saidBack(unknown), nearestOf(unknown, names)));
  const choice = parseLanguageChoice(words.map((word) => named.get(word)).join(','));
  if (choice === undefined) throw new CommandRefusal(all.lang.tooMany(MAX_LANGUAGES));
  return choice;
}
