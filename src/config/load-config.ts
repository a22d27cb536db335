import { readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { parse } from 'dotenv';
import { closest } from 'fastest-levenshtein';
import { ConfigError } from '../errors.js';
import type { Language } from '../i18n/texts.js';
import { printable } from '../printable.js';
import { downloadProxies, type DownloadProxies } from '../setup/download-proxies.mjs';
import { cacheDir } from '../setup/paths.mjs';
import { settings, type Setting } from './settings.js';

const SHOWN_CHARACTERS = 60;

type Settings = typeof settings;
type ValueOf<S> = S extends Setting<infer T> ? (S extends { fallback: string } ? T : T | undefined) : never;

/** Every setting with its type, defaults filled in, paths absolute. */
export type Config = Readonly<
  { [K in Exclude<keyof Settings, 'language'>]: ValueOf<Settings[K]> } & {
    language: Language;
    /** What can be shared between checkouts: the engine's build and the models. */
    cacheDir: string;
    /** What downloads go through: MODEL_PROXY, or the proxies that all programs read. */
    downloadProxies: DownloadProxies | undefined;
    warnings: readonly string[];
  }
>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment as it is, for what starts processes of its own and passes some of it on. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads the environment and the `.env` of the folder; the environment wins. An empty variable counts as unset, as
 * compose files pass it.
 * @throws ConfigError naming every bad variable at once: what it got (never of a secret) and what it takes.
 */
export function loadConfig(environment: Environment = processEnvironment(), folder: string = process.cwd()): Config {
  const values = { ...readDotEnv(join(folder, '.env')), ...withoutEmpty(environment) };
  const issues: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, setting] of Object.entries(settings) as [string, Setting<unknown>][]) {
    const given = values[setting.variable] ?? setting.fallback;
    if (given === undefined) continue;
    const parsed = setting.type.schema.safeParse(given.trim());
    if (parsed.success) config[key] = parsed.data;
    else issues.push(`${setting.variable}: got ${setting.secret ? 'a value' : `"${shown(given)}"`}, takes ${setting.type.takes}`);
  }
  issues.push(...crossChecks(config, folder));
  if (issues.length > 0) throw new ConfigError(issues);
  return {
    ...config,
    dataDir: resolve(folder, String(config.dataDir)),
    ...(typeof config.terminalDir === 'string' && { terminalDir: resolve(folder, config.terminalDir) }),
    language: config.language ?? languageOf(values),
    cacheDir: cacheDir(values),
    downloadProxies: downloadProxies(values),
    warnings: unknownVariables(Object.keys(values)),
  } as unknown as Config;
}

/** A value may be anything, and its owner reads it on a terminal. */
function shown(value: string): string {
  return value.length <= SHOWN_CHARACTERS ? printable(value) : `${printable(value.slice(0, SHOWN_CHARACTERS))}…`;
}

function readDotEnv(path: string): Record<string, string> {
  try {
    return withoutEmpty(parse(readFileSync(path)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new ConfigError([`.env: cannot be read (${(error as Error).message})`]);
  }
}

function withoutEmpty(values: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => (entry[1] ?? '').trim() !== ''),
  );
}

function crossChecks(config: Record<string, unknown>, folder: string): string[] {
  const issues: string[] = [];
  if ((config.apiId === undefined) !== (config.apiHash === undefined)) {
    issues.push('TELEGRAM_API_ID and TELEGRAM_API_HASH: only one of the two is set, they belong together');
  }
  if (config.testDc !== undefined && config.testDcKey === undefined) {
    issues.push('TELEGRAM_TEST_DC_KEY: is not set, TELEGRAM_TEST_DC needs the path of a public key in PEM');
  }
  if (config.openAiUrl === undefined && Array.isArray(config.engines) && config.engines.includes('openai')) {
    issues.push('GRAMSCRIBE_OPENAI_URL: is not set, the engine openai needs it (https://api.openai.com/v1, or a server of your own)');
  }
  if (typeof config.terminalDir === 'string' && isWithin(resolve(folder, String(config.dataDir)), resolve(folder, config.terminalDir))) {
    issues.push('TERMINAL_DIR: is within the data folder, where the session is; programs work somewhere else');
  }
  return issues;
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** POSIX: LC_ALL wins over LC_MESSAGES, which wins over LANG. */
function languageOf(values: Environment): Language {
  return /^ru/i.test(values.LC_ALL ?? values.LC_MESSAGES ?? values.LANG ?? '') ? 'ru' : 'en';
}

function unknownVariables(names: string[]): string[] {
  const known = Object.values(settings).map((setting) => setting.variable);
  return names
    .filter((name) => name.startsWith('GRAMSCRIBE_') && !known.includes(name))
    .map((name) => `${shown(name)} is not a setting of Gramscribe; did you mean ${closest(name, known)}?`);
}
