import type { Localized, ModuleLanguage } from '../contract/localized.js';

/** A module's texts in both languages: those of one, and any of them in both. */
export interface ModuleTexts<T> {
  of(language: ModuleLanguage): T;
  both<V>(pick: (texts: T) => V): Localized<V>;
}

/** The Russian texts are held to the English ones' form by the compiler: `const ru: typeof en`. */
export function moduleTexts<T>(en: T, ru: T): ModuleTexts<T> {
  const texts = { en, ru };
  return { of: (language) => texts[language], both: (pick) => ({ en: pick(en), ru: pick(ru) }) };
}
