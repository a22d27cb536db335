import type { Redis } from 'ioredis';
import { ACCOUNT_ID } from './account-id.js';
import type { Config } from './config/load-config.js';
import { errorText, PermanentError, SetupError } from './errors.js';
import type { Texts } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import type { LanguagesPort, ModelsPort, VocabularyPort } from './modules/builtin/voice/voice-ports.js';
import { modelsDir } from './setup/paths.mjs';
import type { Engine } from './speech/engine.js';
import type { ModelAnswer } from './speech/model-answer.js';
import { writeLanguageChoice } from './speech/language/language-choice.js';
import { modelPath } from './speech/model-path.js';
import { modelsOnDisk } from './speech/models-on-disk.js';
import { recognize } from './speech/recognize.js';
import { requireModel } from './speech/require-model.js';
import type { SpeechDetector } from './speech/speech-detector.js';
import type { Recognition } from './speech/transcript.js';
import { followChoice, switchModel } from './speech/switch-model.js';
import { windowLimitMs } from './speech/window-limit.js';
import { ModelWishes } from './store/model-wishes.js';
import type { RuntimeSettings } from './store/runtime-settings.js';
import { Speakers } from './store/speakers.js';
import { SpeechChoices } from './store/speech-choices.js';
import { asService } from './supervisor/as-service.js';
import type { ServiceGroup } from './supervisor/service-group.js';
import { SpeechKnowledge } from './voice/speech-knowledge.js';
import type { VoiceDependencies } from './voice/voice-dependencies.js';

/** What hears and what finds speech, for a model that is known only once Redis can be read. */
export type CreateSpeech = (model: string) => Promise<{
  engine: Engine;
  /** What switches models for the owner: of several engines, those that have their models on this machine. */
  models: Pick<Engine, 'model' | 'useModel'>;
  /** The engine for another model of the models' folder; absent where no engine can have two. */
  engineOf?: (model: string) => Engine;
  /** Ends all engines. */
  stop: () => Promise<void>;
  detector: SpeechDetector;
}>;

export interface AppSpeech {
  engine: Engine;
  recognize: VoiceDependencies['recognize'];
  /** For `.model`. */
  models: ModelsPort;
  /** For `.lang`. */
  languages: LanguagesPort;
  /** For `.vocab`. */
  vocabularies: VocabularyPort;
}

export interface AppSpeechDependencies {
  config: Config;
  texts: Texts['lifecycle'];
  /** Where the choice of the model is kept. */
  settings: RuntimeSettings;
  /** Where the shell says that it wants another. */
  redis: Redis;
  /** The engine is stopped by it. */
  services: ServiceGroup;
  createSpeech: CreateSpeech;
  log: Logger;
}

/** Part of the composition root: the engine, and how a recording becomes text by it. */
export async function openAppSpeech(deps: AppSpeechDependencies, signal: AbortSignal): Promise<AppSpeech> {
  const { config, texts, settings, redis, services, log } = deps;
  const model = await chosenModel(deps);
  log.info(texts.model(model));
  const { engine, models, engineOf, detector, stop: stopEngines } = await deps.createSpeech(model);
  await services.start(asService('engine', stopEngines), signal);
  const present = (): Promise<string[]> => modelsOnDisk(modelsDir(config.cacheDir));
  const switching = { engine: models, present, settings, log: log.child({ account: ACCOUNT_ID }) };
  const use = (name: string, stop: AbortSignal): Promise<ModelAnswer> => switchModel(name, switching, stop);
  const follow = async (stop: AbortSignal): Promise<void> => (hasModels(config) ? followChoice(switching, stop) : undefined);
  const wishes = new ModelWishes({ redis, grant: use, onListening: follow, log });
  await services.start(asService('model-wishes', () => wishes.stop(), () => wishes.start()), signal);
  const choices = new SpeechChoices(redis);
  const setting = { language: config.speechLanguage, vocabulary: config.vocabulary ?? [] };
  const knowledge = new SpeechKnowledge({ choices, speakers: new Speakers(redis), setting, ownerLanguage: config.language });
  return {
    engine,
    recognize: async (sound, { job, checkpoint, onProgress }, stop) => {
      const { language, ...known } = await knowledge.listeningTo(job);
      const hear = (by: Engine): Promise<Recognition> => {
        const maxWindowMs = windowLimitMs(by.model, config.maxWindowMs);
        const options = { language: writeLanguageChoice(language), ...known, maxWindowMs, onProgress, checkpoint };
        return recognize(sound, { engine: by, detector, log: log.child({ account: ACCOUNT_ID }) }, options, stop);
      };
      const chosen = await knowledge.modelFor(job);
      const other = chosen === undefined || chosen === models.model ? undefined : engineOf?.(chosen);
      const recognition = await (other === undefined ? hear(engine) : hear(other).catch((error: unknown) => orElse(other.model, error)));
      await knowledge.learn(job, recognition);
      return recognition;

      function orElse(model: string, error: unknown): Promise<Recognition> {
        stop.throwIfAborted();
        if (error instanceof PermanentError) throw error;
        log.warn({ err: error, model }, `the model ${model} of these voices cannot be used, ${engine.model} hears this one: ${errorText(error)}`);
        return hear(engine);
      }
    },
    models: { current: () => models.model, present, use, onlyOne: engineOf === undefined },
    languages: {
      inForce: (account, scopes) => knowledge.inForce(account, scopes),
      learned: (account, personId) => knowledge.learned(account, personId),
      choose: (account, scope, choice) => choices.chooseLanguages(account, scope, choice),
      reset: (account, scope) => choices.resetLanguages(account, scope),
    },
    vocabularies: {
      setting: setting.vocabulary,
      read: (account, scope) => choices.vocabulary(account, scope),
      write: (account, scope, vocabulary) => choices.setVocabulary(account, scope, vocabulary),
    },
  };
}

/** Whether one of the chosen engines hears with a file of the models' folder. */
function hasModels({ engines }: Pick<Config, 'engines'>): boolean {
  return engines.some((name) => name !== 'openai');
}

async function chosenModel({ config, settings, texts }: AppSpeechDependencies): Promise<string> {
  if (!hasModels(config)) return config.openAiModel;
  const model = (await settings.model()) ?? config.model;
  const models = modelsDir(config.cacheDir);
  if ((await modelsOnDisk(models)).includes(model)) {
    await requireModel(modelPath(models, model));
    return model;
  }
  throw new SetupError(texts.noModel(model), `npm run model -- pull ${model}`);
}
