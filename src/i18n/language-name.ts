/** What a language is called in another one: `ru`, `en` → Russian. The code itself where nobody knows a name. */
export function languageName(code: string, locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'language' }).of(code) ?? code;
}
