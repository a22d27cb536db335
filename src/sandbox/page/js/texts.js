const KEPT_AS = 'gramscribe-demo-language';

/** The page's texts in the language that the viewer has chosen; the server has them in both. */
export class Texts {
  #all;
  #language;
  #listeners = new Set();

  constructor(all) {
    this.#all = all;
    const kept = localStorage.getItem(KEPT_AS);
    this.#language = kept === 'en' || kept === 'ru' ? kept : all.language;
    document.documentElement.lang = this.#language;
  }

  static async load() {
    const response = await fetch('/api/texts');
    if (!response.ok) throw new Error(`texts: status ${response.status}`);
    return new Texts(await response.json());
  }

  get language() {
    return this.#language;
  }

  choose(language) {
    this.#language = language;
    localStorage.setItem(KEPT_AS, language);
    document.documentElement.lang = language;
    for (const listener of this.#listeners) listener();
  }

  onChange(listener) {
    this.#listeners.add(listener);
  }

  /** The text under a path such as `state.connected`, with `{name}` filled in. */
  of(path, values = {}) {
    const text = path.split('.').reduce((section, name) => section[name], this.#all[this.#language]);
    return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  }
}
