import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished, type TestContext } from 'vitest';
import type { Logger } from '../../src/log/logger.js';
import { findEngine, type EnginePaths } from '../../src/setup/engine-paths.mjs';
import { cacheDir, modelsDir } from '../../src/setup/paths.mjs';
import { WhisperServer, type WhisperServerOptions } from '../../src/speech/whisper-server.js';
import { testFolder } from './workspace.js';

export const silent: Logger = pino({ level: 'silent' });

const cache = cacheDir(process.env);
export const testModels = modelsDir(cache);
const SILERO_PATHS = [fileURLToPath(new URL('../../../shared/speech/ggml-silero-v6.2.0.bin', import.meta.url)), join(testModels, 'ggml-silero-v6.2.0.bin')];

/** The engine that the set-up built, and the bundled model beside it; skips the test where they are not there. */
export function requireEngine(ctx: TestContext): EnginePaths {
  const engine = findEngine(cache);
  if (engine === undefined) return ctx.skip('whisper.cpp is not built (node src/setup/setup.mjs --for-tests builds it)');
  if (!existsSync(join(testModels, 'ggml-nano.bin'))) return ctx.skip('the bundled model is not unpacked (npm test does it)');
  return engine;
}

/** The Silero model, which is upstream's and not part of the repository; skips the test where it is not there. */
export function requireSilero(ctx: TestContext): string {
  return SILERO_PATHS.find((path) => existsSync(path)) ?? ctx.skip('the Silero model is not on this machine');
}

/** A server with the bundled model; it is stopped when the running test is over. */
export async function startableServer(ctx: TestContext, options: Partial<WhisperServerOptions> = {}): Promise<WhisperServer> {
  const { serverPath } = requireEngine(ctx);
  const server = new WhisperServer({
    serverPath,
    modelsDir: testModels,
    model: 'nano',
    runDir: await testFolder(),
    threads: 2,
    idleAfterMs: 600_000,
    log: silent,
    ...options,
  });
  onTestFinished(() => server.stop());
  return server;
}
