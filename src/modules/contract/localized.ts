/** Something in each language that people can choose; the compiler holds both to one form. */
export interface Localized<T> {
  en: T;
  ru: T;
}

export type ModuleLanguage = keyof Localized<unknown>;
