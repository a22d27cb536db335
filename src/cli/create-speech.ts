import { join } from 'node:path';
import type { AppOptions } from '../app.js';
import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { findEngine } from '../setup/engine-paths.mjs';
import { modelsDir } from '../setup/paths.mjs';
import { usableCores } from '../setup/usable-cores.mjs';
import { createSpeechDetector } from '../speech/create-speech-detector.js';
import { createEngine } from './create-engine.js';

/** The engine and the detector of this machine, for a model that is known later. */
export function createSpeech(config: Config, texts: Texts, log: Logger): Pick<AppOptions, 'threads' | 'createSpeech'> {
  const threads = config.threads === 0 ? usableCores() : config.threads;
  const models = modelsDir(config.cacheDir);
  return {
    threads,
    createSpeech: async (model) => {
      // The detector comes with whisper.cpp; who has another engine alone may have none of it.
      const vadPath = findEngine(config.cacheDir, config.engineDir)?.vadPath ?? '';
      return {
        ...(await createEngine(model, config, texts.lifecycle, log.child({ component: 'engine' }))),
        detector: await createSpeechDetector({ vadPath, vadModelPath: join(models, 'ggml-silero-v6.2.0.bin'), threads }, log),
      };
    },
  };
}
