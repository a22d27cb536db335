import type { AnyCommand } from '../contract/command-definition.js';
import { onLatinKeys, onRussianKeys } from '../command-line/keyboard-layout.js';
import { capabilities } from '../contract/capabilities.js';
import type { Module } from '../contract/define-module.js';
import type { Localized } from '../contract/localized.js';
import { fitsValue } from '../values/fits-value.js';
import { isCatastrophic } from '../values/is-catastrophic.js';
import { compileFilter, MATCH_FLAGS } from '../watchers/compile-filter.js';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
const OTHER_NAME = /^\p{L}[\p{L}\p{N}_-]{0,31}$/u;
const VERSION = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;

/**
 * What keeps a module from being loaded, each in one line of English (its author reads it); empty where it is as it has to be. `others`
 * are the modules that are there already.
 */
export function problemsOf(module: Module, others: readonly Module[] = []): string[] {
  return [
    ...problem(!NAME.test(module.name), `the name ${quoted(module.name)} is not lower case Latin letters, digits and hyphens`),
    ...problem(others.some(({ name }) => name === module.name), `there are two modules ${module.name}`),
    ...problem(!VERSION.test(module.version), `the version ${quoted(module.version)} is no semantic version such as 1.0.0`),
    ...missing('title', module.about, (about) => about.title),
    ...missing('summary', module.about, (about) => about.summary),
    ...module.uses.filter((use) => !capabilities.includes(use)).map((use) => `it uses ${quoted(use)}, which there is not`),
    ...Object.entries(module.settings).flatMap(([key, setting]) => settingProblems(key, setting)),
    ...module.commands.flatMap(commandProblems),
    ...duplicates('watcher', module.watchers),
    ...module.watchers.flatMap(filterProblems),
    ...duplicates('task', module.tasks),
    ...nameClashes(module, others),
  ];
}

type Problems = readonly string[];

function problem(is: boolean, text: string): Problems {
  return is ? [text] : [];
}

function quoted(text: unknown): string {
  return JSON.stringify(text) || 'undefined';
}

/** A text that has to be there in both languages. */
function missing<T>(what: string, texts: Localized<T> | undefined, read: (one: T) => string | undefined): Problems {
  return (['en', 'ru'] as const).flatMap((language) => {
    const one = texts?.[language];
    return problem(isBlank(one === undefined ? undefined : read(one)), `${what}: there is no text in ${language}`);
  });
}

function isBlank(text: unknown): boolean {
  return typeof text !== 'string' || text.trim() === '';
}

function settingProblems(key: string, setting: Module['settings'][string]): Problems {
  return [
    ...problem(!NAME.test(key), `setting ${key}: a key is lower case words with hyphens`),
    ...missing(`setting ${key}`, setting.about, (about) => about),
    ...problem(!fitsValue(setting, setting.default), `setting ${key}: its default is not what it takes`),
  ];
}

function commandProblems(command: AnyCommand): Problems {
  const { name, about, aliases = [], args = {}, flags = {} } = command;
  const of = `command ${name}`;
  return [
    ...problem(!NAME.test(name), `${of}: a name is lower case Latin letters, digits and hyphens`),
    ...aliases.filter((alias) => !OTHER_NAME.test(alias) || alias !== alias.toLowerCase()).map((alias) => `${of}: ${quoted(alias)} is no other name: lower case letters, digits, hyphens`),
    ...missing(`${of}, summary`, about, ({ summary }) => summary),
    ...(['en', 'ru'] as const).flatMap((language) => exampleProblems(of, language, command)),
    ...argumentProblems(of, args),
    ...Object.entries(flags).flatMap(([flag, definition]) => [
      ...problem(!NAME.test(flag), `${of}: the flag ${flag} is not lower case words with hyphens`),
      ...problem(definition.short !== undefined && !/^[a-z]$/i.test(definition.short), `${of}: the short form of --${flag} is one Latin letter`),
      ...missing(`${of}, flag --${flag}`, definition.about, (text) => text),
    ]),
    ...repeated(Object.values(flags).flatMap(({ short }) => short ?? [])).map((short) => `${of}: two flags are -${short}`),
  ];
}

function exampleProblems(of: string, language: keyof Localized<unknown>, { about }: AnyCommand): Problems {
  // Somebody else's module may have been written without types.
  const examples = (about as Partial<typeof about> | undefined)?.[language]?.examples ?? [];
  return [
    ...problem(examples.length === 0, `${of}: there is no example in ${language}`),
    ...problem(examples.some(({ type, does }) => isBlank(type) || isBlank(does)), `${of}: an example in ${language} is empty`),
  ];
}

function argumentProblems(of: string, args: NonNullable<AnyCommand['args']>): Problems {
  const entries = Object.entries(args);
  return entries.flatMap(([name, definition], at) => [
    ...missing(`${of}, argument ${name}`, definition.label, (label) => label),
    ...problem(definition.rest === true && at < entries.length - 1, `${of}: ${name} takes the rest of the line and is not the last argument`),
    ...problem(
      definition.optional !== true && definition.fromReply !== true && entries.slice(0, at).some(([, before]) => before.optional === true),
      `${of}: ${name} is required and comes after one that may be left out`,
    ),
  ]);
}

/** What is wrong with the filter of a watcher. */
export function filterProblems({ name, filter }: Pick<Module['watchers'][number], 'name' | 'filter'>): Problems {
  try {
    compileFilter(filter);
    const { matches } = filter.text ?? {};
    return problem(matches !== undefined && isCatastrophic(new RegExp(matches, MATCH_FLAGS)), `watcher ${name}: what its text matches could take hours on some texts`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`watcher ${name}: what its text matches is no regular expression`];
  }
}

function duplicates(what: string, parts: readonly { name: string }[]): Problems {
  return repeated(parts.map(({ name }) => name)).map((name) => `two of its ${what}s are named ${name}`);
}

/** Names and other names of commands are one set over all modules, with what comes of them on the other keyboard: nobody catches what was typed for another. */
function nameClashes({ name: own, commands }: Module, others: readonly Module[]): Problems {
  const theirs = others.filter(({ name }) => name !== own).flatMap((other) => namesOf(other.commands).map((name) => ({ module: other.name, name })));
  const names = namesOf(commands);
  return [
    ...repeated(names).map((name) => `two of its commands are named ${name}`),
    ...[...new Set(names)].flatMap((name) => {
      const same = theirs.find((other) => other.name === name);
      if (same !== undefined) return [`the command ${name} is one of the module ${same.module}`];
      const typed = theirs.find((other) => [onLatinKeys(other.name), onRussianKeys(other.name)].includes(name));
      return typed === undefined ? [] : [`the command ${name} is ${typed.name} of the module ${typed.module} on the other keyboard`];
    }),
  ];
}

function namesOf(commands: readonly AnyCommand[]): string[] {
  return commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
}

function repeated(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}
