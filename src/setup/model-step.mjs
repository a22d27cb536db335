import { existsSync } from 'node:fs';
import { DownloadError } from './download-error.mjs';
import { formatBytes, formatDuration } from './format.mjs';
import { BUNDLED_MODEL, catalogueModel, DETECTOR, SPEECH_MODELS } from './model-catalogue.mjs';
import { modelPath } from './paths.mjs';
import { pullModel } from './pull-model.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { transferMeter } from './transfer-meter.mjs';

/**
 * The bundled model always; for the daemon also the one that it was told to use, and the speech detector. What cannot be
 * downloaded is a warning: the daemon says itself what it lacks.
 *
 * @type {import('./setup-step.mjs').SetupStep}
 */
export const modelStep = {
  label: (texts) => texts.stepModel,
  missing: async (context) => {
    const missing = wantedNames(context).filter((name) => !existsSync(modelPath(context.environment.cache, name)));
    return missing.length === 0 ? undefined : missing.join(', ');
  },
  make: async (context) => {
    const { environment, texts } = context;
    const made = [];
    for (const name of wantedNames(context).filter((each) => !existsSync(modelPath(environment.cache, each)))) {
      const model = catalogueModel(name);
      if (model === undefined) {
        const known = SPEECH_MODELS.map((each) => each.name).join(', ');
        return { warning: texts.modelUnknown(name, known), remedy: texts.remedyModelName };
      }
      try {
        made.push(await pull(model, context));
      } catch (error) {
        if (!(error instanceof DownloadError)) throw error;
        const command = `${context.options.inImage ? 'docker compose run --rm gramscribe model' : 'npm run model --'} pull ${name}`;
        return { warning: texts.modelNotHad(name, texts.downloadFailures[error.reason](error.detail)), remedy: texts.modelLater(command) };
      }
    }
    return { done: made.join('; ') };
  },
};

/** @param {import('./setup-step.mjs').StepContext} context @returns {string[]} */
function wantedNames({ environment, options }) {
  if (options.forTests || options.bundledModel) return [BUNDLED_MODEL.name];
  return [...new Set([BUNDLED_MODEL.name, environment.model, DETECTOR.name])];
}

/**
 * @param {import('./model-catalogue.mjs').CatalogueModel} model
 * @param {import('./setup-step.mjs').StepContext} context
 * @returns {Promise<string>} what was made
 */
async function pull(model, { environment, texts, progress, signal }) {
  const isBundled = model.name === BUNDLED_MODEL.name;
  if (!isBundled) progress.say(texts.modelDownloading(model.name));
  const meter = transferMeter();
  try {
    await pullModel(
      model,
      {
        cache: environment.cache,
        mirror: environment.modelBaseUrl,
        proxies: environment.downloadProxies,
        onWait: (pid) => progress.say(texts.waiting(pid)),
        onProgress: ({ receivedBytes, totalBytes }) => {
          const { bytesPerSecond, leftMs } = meter(receivedBytes, totalBytes);
          const speed = texts.perSecond(formatBytes(bytesPerSecond, texts));
          const left = leftMs === undefined ? [] : [texts.left(formatDuration(leftMs, texts))];
          progress.percent(texts.modelDownloading(model.name), (100 * receivedBytes) / totalBytes, [speed, ...left].join(', '));
        },
      },
      signal,
    );
  } catch (error) {
    if (!isBundled || signal.aborted) throw error;
    throw new SetupFailure(texts.bundledBroken, { remedy: texts.remedyCheckout, cause: error });
  }
  return isBundled ? texts.modelUnpacked(model.name) : texts.modelDownloaded(model.name, formatBytes(model.approximateBytes, texts));
}
