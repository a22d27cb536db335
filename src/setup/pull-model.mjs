import { existsSync } from 'node:fs';
import path from 'node:path';
import { unpackBundledModel } from './bundled-model.mjs';
import { downloadFile, fileHash } from './download.mjs';
import { withLock } from './lock.mjs';
import { BUNDLED_MODEL, modelUrl } from './model-catalogue.mjs';
import { locksDir, modelPath } from './paths.mjs';

/**
 * @typedef {object} PullOptions
 * @property {string} cache what `cacheDir` gave
 * @property {string | undefined} [mirror] MODEL_BASE_URL
 * @property {import('./download-proxies.mjs').DownloadProxies | undefined} [proxies]
 * @property {(progress: import('./download.mjs').DownloadProgress) => void} [onProgress]
 * @property {(pid: number) => void} [onWait] another process is at it
 * @property {Partial<import('./download.mjs').DownloadTiming>} [timing]
 */

/**
 * Makes sure that a model of the catalogue lies whole in the cache, and gives its path: a file whose checksum is right is
 * left alone, any other is downloaded (the bundled one: unpacked) and put in its place. Rejects with `DownloadError`.
 *
 * @param {import('./model-catalogue.mjs').CatalogueModel} model
 * @param {PullOptions} options
 * @param {AbortSignal} signal
 * @returns {Promise<string>}
 */
export async function pullModel(model, options, signal) {
  const { cache, mirror, proxies, onProgress, onWait, timing } = options;
  const destination = modelPath(cache, model.name);
  const pull = async () => {
    if (await isIntact(destination, model, signal)) return;
    if (model.name === BUNDLED_MODEL.name) await unpackBundledModel(cache, signal);
    else {
      const { algorithm, checksum, approximateBytes } = model;
      const task = { url: modelUrl(model, mirror), destination, algorithm, checksum, approximateBytes, proxies };
      await downloadFile({ ...task, ...(onProgress && { onProgress }), ...(timing && { timing }) }, signal);
    }
  };
  const lock = path.join(locksDir(cache), `model-${model.name}.lock`);
  await withLock(lock, pull, { onWait: ({ pid }) => onWait?.(pid), signal });
  return destination;
}

/**
 * Whether the file is there and is what the catalogue says, to the last byte.
 *
 * @param {string} file
 * @param {import('./model-catalogue.mjs').CatalogueModel} model
 * @param {AbortSignal} [signal]
 * @returns {Promise<boolean>}
 */
export async function isIntact(file, model, signal) {
  return existsSync(file) && (await fileHash(file, model.algorithm, signal)) === model.checksum;
}
