import { readdir } from 'node:fs/promises';
import { extname } from 'node:path';
import { settings } from '../config/settings.js';
import { AppError } from '../errors.js';
import type { Module } from '../modules/contract/index.js';
import type { VoiceChoices } from '../voice/voice-choices.js';

/** What people look for first; the others follow by name. */
const FIRST = ['voice', 'status', 'settings', 'commands'];

/**
 * Every module that comes with the program, made for its definitions alone: found by their folders, so that none is forgotten, and
 * handed ports that do nothing and the configuration's own defaults. None of them may be started.
 */
export async function documentedModules(): Promise<Module[]> {
  const folder = new URL('../modules/builtin/', import.meta.url);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const place = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  names.sort((one, other) => place(one) - place(other) || one.localeCompare(other, 'en'));
  return Promise.all(names.map((name) => moduleIn(name, new URL(`${name}/${name}-module${extname(import.meta.url)}`, folder))));
}

async function moduleIn(name: string, file: URL): Promise<Module> {
  const exported = (await import(file.href)) as Readonly<Record<string, unknown>>;
  const make = exported[`${name.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase())}Module`];
  if (typeof make !== 'function') throw new AppError(`${name}-module exports no function of that name`);
  return (make as (ports: never) => Module)(noPorts);
}

/** What definitions take from the configuration, where nobody set anything. */
const CONFIGURED: Readonly<Record<string, unknown>> = {
  defaults: {
    own: 'nowhere',
    incoming: 'everywhere',
    files: 'none',
    quoteAboveLength: Number(settings.quoteAboveLength.fallback),
  } satisfies VoiceChoices,
  shell: true,
  zone: 'UTC',
  maxMs: settings.terminalMaxMs.type.schema.parse(settings.terminalMaxMs.fallback),
};

/** Stands for any port: whatever else is taken out of it is such a port too. */
const noPorts: never = new Proxy(() => undefined, { get: (_ports, key) => CONFIGURED[String(key)] ?? noPorts, apply: () => noPorts }) as never;
