import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { DownloadError } from '../setup/download-error.mjs';
import { formatBytes, formatDuration } from '../setup/format.mjs';
import { BUNDLED_MODEL, catalogueModel, type CatalogueModel, DETECTOR, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import { modelPath } from '../setup/paths.mjs';
import { pullModel } from '../setup/pull-model.mjs';
import { transferMeter } from '../setup/transfer-meter.mjs';
import { nearestModel } from '../speech/nearest-model.js';
import { EXIT_FAILURE } from './exit-status.js';
import type { ModelDependencies } from './model-dependencies.js';

type PullDependencies = Pick<ModelDependencies, 'cacheDir' | 'mirror' | 'proxies' | 'timing' | 'texts' | 'print' | 'progress'>;

/**
 * Downloads a model, with progress, and with it the detector of speech where that is not here. The exit status: 0, also
 * where it is here already; 1 where it could not be had. What is here stays in use.
 */
export async function pullNamedModel(name: string, deps: PullDependencies, signal: AbortSignal): Promise<number> {
  const { cacheDir, texts, print, progress } = deps;
  const model = catalogueModel(name);
  if (model === undefined) {
    print(texts.unknown(name, nearestModel(name, SPEECH_MODELS.map((each) => each.name))));
    return EXIT_FAILURE;
  }
  try {
    const bytes = await pull(model, deps, signal);
    progress.clear();
    print(texts.pulled(name, formatBytes(bytes, texts)));
    if (name === DETECTOR.name || name === BUNDLED_MODEL.name) return 0;
    print(texts.useIt(name));
    // The detector is needed with every model, and nobody should have to know its name.
    return existsSync(modelPath(cacheDir, DETECTOR.name)) ? 0 : await pullNamedModel(DETECTOR.name, deps, signal);
  } catch (error) {
    progress.clear();
    if (signal.aborted) print(texts.interrupted);
    if (!(error instanceof DownloadError)) throw error;
    print(texts.notPulled(name, texts.downloadFailures[error.reason](error.detail)));
    return EXIT_FAILURE;
  }
}

/** Resolves with the size of the file. */
async function pull(model: CatalogueModel, { cacheDir, mirror, proxies, timing, texts, print, progress }: PullDependencies, signal: AbortSignal): Promise<number> {
  const meter = transferMeter();
  const onProgress = ({ receivedBytes, totalBytes }: { receivedBytes: number; totalBytes: number }): void => {
    const { bytesPerSecond, leftMs } = meter(receivedBytes, totalBytes);
    const speed = texts.perSecond(formatBytes(bytesPerSecond, texts));
    const left = leftMs === undefined ? [] : [texts.left(formatDuration(leftMs, texts))];
    const size = texts.ofTotal(formatBytes(receivedBytes, texts), formatBytes(totalBytes, texts));
    progress.show(model.name, receivedBytes / totalBytes, [size, speed, ...left].join(', '));
  };
  const options = { cache: cacheDir, mirror, proxies, onWait: (pid: number) => print(texts.waiting(pid)), onProgress, ...(timing && { timing }) };
  return (await stat(await pullModel(model, options, signal))).size;
}
