import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { BUNDLED_MODEL } from './model-catalogue.mjs';
import { bundledSpeechDir, modelPath } from './paths.mjs';

/**
 * Unpacks the model of the repository into the cache and gives its path. The file gets its name when its hash is right;
 * one that is there is replaced.
 *
 * @param {string} cache
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
export async function unpackBundledModel(cache, signal) {
  const place = modelPath(cache, BUNDLED_MODEL.name);
  await mkdir(path.dirname(place), { recursive: true });
  const part = `${place}.${process.pid}.part`;
  const hash = createHash('sha256');
  try {
    await pipeline(
      createReadStream(path.join(bundledSpeechDir, 'ggml-nano.bin.gz')),
      createGunzip(),
      async function* (source) {
        for await (const chunk of source) {
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(part),
      { signal },
    );
    const found = hash.digest('hex');
    if (found !== BUNDLED_MODEL.checksum) throw new Error(`ggml-nano.bin.gz: sha256 ${found} is not ${BUNDLED_MODEL.checksum}`);
    await rename(part, place);
  } finally {
    await rm(part, { force: true });
  }
  return place;
}
