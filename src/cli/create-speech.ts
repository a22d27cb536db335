import { join } from 'node:path';
import type { AppOptions } from '../app.js';
import type { Config } from '../config/load-config.js';
import { SetupError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { findEngine } from '../setup/engine-paths.mjs';
import { modelsDir } from '../setup/paths.mjs';
import { usableCores } from '../setup/usable-cores.mjs';
import { createSpeechDetector } from '../speech/create-speech-detector.js';
import { createWhisperServer } from './create-whisper-server.js';

/**
 * The engine and the detector of this machine, for a model that is known later.
 * @throws SetupError where the engine is not built
 */
export function createSpeech(config: Config, texts: Texts, log: Logger): Pick<AppOptions, 'threads' | 'createSpeech'> {
  const engine = findEngine(config.cacheDir, config.engineDir);
  if (engine === undefined) throw new SetupError(texts.lifecycle.noEngine, 'npm start');
  const threads = config.threads === 0 ? usableCores() : config.threads;
  const models = modelsDir(config.cacheDir);
  return {
    threads,
    createSpeech: async (model) => ({
      engine: createWhisperServer(engine, config, model, log.child({ component: 'engine' })),
      detector: await createSpeechDetector({ vadPath: engine.vadPath, vadModelPath: join(models, 'ggml-silero-v6.2.0.bin') }, log),
    }),
  };
}
