import { ACCOUNT_ID } from './account-id.js';
import type { Config } from './config/load-config.js';
import { SetupError } from './errors.js';
import type { Texts } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import type { ModelChoice } from './modules/builtin/model.js';
import { modelsDir } from './setup/paths.mjs';
import type { Engine } from './speech/engine.js';
import { modelPath } from './speech/model-path.js';
import { modelsOnDisk } from './speech/models-on-disk.js';
import { recognize } from './speech/recognize.js';
import { requireModel } from './speech/require-model.js';
import type { SpeechDetector } from './speech/speech-detector.js';
import { windowLimitMs } from './speech/window-limit.js';
import type { RuntimeSettings } from './store/runtime-settings.js';
import { asService } from './supervisor/as-service.js';
import type { ServiceGroup } from './supervisor/service-group.js';
import type { VoiceDependencies } from './voice/voice-dependencies.js';

/** What hears and what finds speech, for a model that is known only once Redis can be read. */
export type CreateSpeech = (model: string) => Promise<{ engine: Engine; detector: SpeechDetector }>;

export interface AppSpeech {
  engine: Engine;
  recognize: VoiceDependencies['recognize'];
  /** For `.model`. */
  models: ModelChoice;
}

export interface AppSpeechDependencies {
  config: Config;
  texts: Texts['lifecycle'];
  /** Where the choice of the model is kept. */
  settings: RuntimeSettings;
  /** The engine is stopped by it. */
  services: ServiceGroup;
  createSpeech: CreateSpeech;
  log: Logger;
}

/** Part of the composition root: the engine, and how a recording becomes text by it. */
export async function openAppSpeech(deps: AppSpeechDependencies, signal: AbortSignal): Promise<AppSpeech> {
  const { config, texts, settings, services, log } = deps;
  const model = await chosenModel(deps);
  log.info(texts.model(model));
  const { engine, detector } = await deps.createSpeech(model);
  await services.start(asService('engine', () => engine.stop()), signal);
  return {
    engine,
    recognize: (sound, { checkpoint, onProgress }, stop) => {
      const maxWindowMs = windowLimitMs(engine.model, config.maxWindowMs);
      const options = { language: config.speechLanguage, maxWindowMs, onProgress, checkpoint };
      return recognize(sound, { engine, detector, log: log.child({ account: ACCOUNT_ID }) }, options, stop);
    },
    models: {
      current: () => engine.model,
      present: () => modelsOnDisk(modelsDir(config.cacheDir)),
      use: async (name, stop) => {
        await engine.useModel(name, stop);
        await settings.chooseModel(name);
      },
    },
  };
}

async function chosenModel({ config, settings, texts }: AppSpeechDependencies): Promise<string> {
  const model = (await settings.model()) ?? config.model;
  const models = modelsDir(config.cacheDir);
  if ((await modelsOnDisk(models)).includes(model)) {
    await requireModel(modelPath(models, model));
    return model;
  }
  throw new SetupError(texts.noModel(model), `npm run model -- pull ${model}`);
}
