import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Texts } from '../../i18n/texts.js';
import { fileHash } from '../../setup/download.mjs';
import { findEngine } from '../../setup/engine-paths.mjs';
import { formatBytes } from '../../setup/format.mjs';
import { catalogueModel, DETECTOR } from '../../setup/model-catalogue.mjs';
import { modelPath } from '../../setup/paths.mjs';
import { buildName, readTunings } from '../../speech/tuning-store.js';
import type { Check } from './check.js';
import { runTool } from './run-tool.js';

type DoctorTexts = Texts['doctor'];

/** The engine is built and starts on this CPU; how fast the model is in it, where that was measured. */
export function checkEngine(texts: DoctorTexts, cacheDir: string, engineDir: string | undefined, model: string): Check {
  return async (signal) => {
    const { name } = texts.engine;
    const engine = findEngine(cacheDir, engineDir);
    if (engine === undefined) return { name, state: 'failed', found: texts.engine.notBuilt, remedy: texts.engine.build };
    const { status } = await runTool(engine.serverPath, ['--help'], signal);
    const found = `whisper.cpp ${engine.version} (${engine.profile})`;
    if (status === 0) {
      const tuning = (await readTunings(cacheDir, buildName(engine))).get(model);
      const speed = tuning === undefined ? texts.engine.notMeasured(model) : texts.engine.measured(model, tuning.threads, tuning.flashAttention, tuning.realTimeFactor.toFixed(2));
      return { name, state: 'ok', found: `${found}; ${speed}` };
    }
    return { name, state: 'failed', found: texts.engine.doesNotRun(found), remedy: texts.engine.rebuild };
  };
}

/** The speech model in use is there, to the last byte. */
export function checkModel(texts: DoctorTexts, cacheDir: string, modelName: string): Check {
  return async (signal) => {
    const { name } = texts.model;
    const remedy = texts.model.pull(modelName);
    const file = modelPath(cacheDir, modelName);
    if (!existsSync(file)) return { name, state: 'failed', found: texts.model.missing(modelName), remedy };
    const found = `${modelName}, ${formatBytes((await stat(file)).size, texts)}`;
    const model = catalogueModel(modelName);
    if (model === undefined) return { name, state: 'ok', found: texts.model.ownModel(found) };
    const isWhole = (await fileHash(file, model.algorithm, signal)) === model.checksum;
    if (isWhole) return { name, state: 'ok', found: texts.model.whole(found) };
    return { name, state: 'failed', found: texts.model.damaged(found), remedy };
  };
}

/** The detector of speech; without it a simpler one by energy is used. */
export function checkDetector(texts: DoctorTexts, cacheDir: string): Check {
  return async (signal) => {
    const { name } = texts.detector;
    const file = modelPath(cacheDir, DETECTOR.name);
    const remedy = texts.model.pull(DETECTOR.name);
    if (!existsSync(file)) return { name, state: 'warning', found: texts.detector.missing, remedy };
    const isWhole = (await fileHash(file, DETECTOR.algorithm, signal)) === DETECTOR.checksum;
    if (isWhole) return { name, state: 'ok', found: DETECTOR.name };
    return { name, state: 'failed', found: texts.model.damaged(DETECTOR.name), remedy };
  };
}
