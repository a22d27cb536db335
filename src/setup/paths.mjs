import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where things lie that are built or downloaded once and shared between checkouts: `$XDG_CACHE_HOME/gramscribe`, or
 * `~/.cache/gramscribe` where that variable is unset or not absolute (as the XDG base directory specification says).
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 * @returns {string}
 */
export function cacheDir(env) {
  const base = env.XDG_CACHE_HOME;
  const home = env.HOME === undefined || env.HOME === '' ? os.homedir() : env.HOME;
  return path.join(base !== undefined && path.isAbsolute(base) ? base : path.join(home, '.cache'), 'gramscribe');
}

/** @param {string} cache what `cacheDir` gave @returns {string} */
export function modelsDir(cache) {
  return path.join(cache, 'models');
}

/**
 * The file of a speech model by its name: `base` → `…/models/ggml-base.bin`. The name is not checked against the
 * catalogue: a file that somebody put there by hand is found too.
 *
 * @param {string} cache what `cacheDir` gave
 * @param {string} name
 * @returns {string}
 */
export function modelPath(cache, name) {
  return path.join(modelsDir(cache), `ggml-${name}.bin`);
}

/** @param {string} cache what `cacheDir` gave @returns {string} the engine builds, one folder each */
export function enginesDir(cache) {
  return path.join(cache, 'engine');
}

/** @param {string} cache what `cacheDir` gave @returns {string} full logs of the set-up's steps */
export function logsDir(cache) {
  return path.join(cache, 'logs');
}

/** @param {string} cache what `cacheDir` gave @returns {string} locks that keep two set-ups apart */
export function locksDir(cache) {
  return path.join(cache, 'locks');
}

/** The root of this checkout; the same from `src/setup` and from `dist/setup`. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

/** The small model and the clips which are part of the repository. */
export const bundledSpeechDir = path.join(projectRoot, 'src', 'speech', 'bundled');
