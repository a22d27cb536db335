import type { LanguageChoice } from './language-choice.js';
import type { SpeakerLanguages } from './speaker-languages.js';

/** What speaks for a language before anything is heard. */
export interface LanguageExpectation {
  /** The language of the program's texts. */
  ownerLanguage?: string;
  /** Language → how often it was certain in the account's voices, see `SpeakerLanguages`. */
  account?: Readonly<Record<string, number>>;
  /** What was learned of this speaker. */
  speaker?: SpeakerLanguages;
}

/** As often as this the owner's language counts as heard before anything was. */
const OWNER_TIMES = 2;
/** A language that everybody of the account speaks is likelier than one that nobody does by this at most. */
const ACCOUNT_WEIGHT = 9;
/** Up to here what is expected counts in full; a longer sound speaks for itself. */
const SHORT_MS = 3000;

/**
 * How much likelier than others a language is in a sound of this length, before anything is heard; 0 outside of the
 * languages that may be meant. Only ratios mean something. Pure.
 */
export function languagePrior(
  language: string,
  { choice, expectation, ms }: { choice: LanguageChoice; expectation: LanguageExpectation; ms: number },
): number {
  if (choice.length > 0 && !choice.includes(language)) return 0;
  const { ownerLanguage, account = {}, speaker } = expectation;
  const heard = Object.values(account).reduce((sum, times) => sum + times, 0);
  const ofAccount = (account[language] ?? 0) + (language === ownerLanguage ? OWNER_TIMES : 0);
  const weight = (1 + (ACCOUNT_WEIGHT * ofAccount) / (heard + OWNER_TIMES)) * (1 + (speaker?.times[language] ?? 0));
  return weight ** Math.min(1, SHORT_MS / Math.max(ms, 1));
}
