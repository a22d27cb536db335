import type { LanguageChoice } from '../speech/language/language-choice.js';

/** Who said so, the strongest first. */
export type LanguageSource = 'person' | 'chat' | 'account' | 'setting';

export interface LanguageInForce {
  choice: LanguageChoice;
  because: LanguageSource;
}

/** The languages that may be spoken in a voice: what was chosen for the person beats the chat beats the account beats the setting. Pure. */
export function languageInForce(
  chosen: Readonly<Partial<Record<Exclude<LanguageSource, 'setting'>, LanguageChoice>>>,
  setting: LanguageChoice,
): LanguageInForce {
  for (const because of ['person', 'chat', 'account'] as const) {
    const choice = chosen[because];
    if (choice !== undefined) return { choice, because };
  }
  return { choice: setting, because: 'setting' };
}
