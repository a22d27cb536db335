import { readFileSync } from 'node:fs';
import path from 'node:path';
import { downloadProxies } from './download-proxies.mjs';
import { DEFAULT_MODEL } from './model-catalogue.mjs';
import { cacheDir, projectRoot } from './paths.mjs';

/**
 * What the set-up takes from its surroundings.
 *
 * @typedef {object} SetupEnvironment
 * @property {'en' | 'ru'} language of what it says
 * @property {string} cache see `cacheDir`
 * @property {string} model the speech model that the daemon will want
 * @property {string | undefined} modelBaseUrl a mirror to download models from
 * @property {import('./download-proxies.mjs').DownloadProxies | undefined} downloadProxies
 * @property {string | undefined} engineDir an engine built elsewhere; then none is built
 * @property {boolean} hasOwnRedis REDIS_URL names a server, so none has to be installed
 */

/**
 * The only place of the set-up that reads the environment: the variables of the process, and of the checkout's `.env`
 * where the process has none of that name. A variable set to nothing counts as unset.
 *
 * @param {Readonly<Record<string, string | undefined>>} [env]
 * @param {string} [dotEnvPath]
 * @returns {SetupEnvironment}
 */
export function readEnvironment(env = process.env, dotEnvPath = path.join(projectRoot, '.env')) {
  const values = { ...readDotEnv(dotEnvPath), ...withoutEmpty(env) };
  return {
    language: languageOf(values),
    cache: cacheDir(values),
    model: values.GRAMSCRIBE_MODEL ?? DEFAULT_MODEL,
    modelBaseUrl: values.MODEL_BASE_URL,
    downloadProxies: downloadProxies(values),
    engineDir: values.GRAMSCRIBE_ENGINE_DIR,
    hasOwnRedis: values.REDIS_URL !== undefined,
  };
}

/** @param {Readonly<Record<string, string | undefined>>} values @returns {'en' | 'ru'} */
function languageOf(values) {
  const asked = values.GRAMSCRIBE_LANG ?? values.LC_ALL ?? values.LC_MESSAGES ?? values.LANG ?? '';
  return /^ru/i.test(asked) ? 'ru' : 'en';
}

/**
 * `NAME=value` a line, the value bare or in quotes; other lines are left to the program's own reader.
 *
 * @param {string} file
 * @returns {Record<string, string>}
 */
function readDotEnv(file) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?(\w+)[ \t]*=[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^#\n]*))/gm);
  return withoutEmpty(Object.fromEntries([...lines].map(([, name, ...values]) => [name, values.find((v) => v !== undefined)])));
}

/** @param {Readonly<Record<string, string | undefined>>} values @returns {Record<string, string>} */
function withoutEmpty(values) {
  const set = Object.entries(values).map(([name, value]) => /** @type {const} */ ([name, (value ?? '').trim()]));
  return Object.fromEntries(set.filter(([, value]) => value !== ''));
}
