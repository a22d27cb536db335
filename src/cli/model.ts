import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Texts } from '../i18n/texts.js';
import { DownloadError } from '../setup/download-error.mjs';
import type { DownloadProxies } from '../setup/download-proxies.mjs';
import { formatBytes, formatDuration } from '../setup/format.mjs';
import { BUNDLED_MODEL, catalogueModel, DETECTOR, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { pullModel } from '../setup/pull-model.mjs';
import { transferMeter } from '../setup/transfer-meter.mjs';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { EXIT_FAILURE } from './exit-status.js';
import type { ProgressLine } from './progress-line.js';

export interface ModelDependencies {
  cacheDir: string;
  /** MODEL_BASE_URL */
  mirror: string | undefined;
  proxies: DownloadProxies | undefined;
  /** The model in use: the owner's choice where there is one, else the setting. */
  current: () => Promise<string>;
  /** Writes the owner's choice down. */
  choose: (name: string) => Promise<void>;
  texts: Texts['model'];
  print: (line: string) => void;
  progress: ProgressLine;
}

/** A table of all known models and those on this machine: name, size, what is here, which one is in use. */
export async function listModels({ cacheDir, current, texts, print }: ModelDependencies): Promise<number> {
  const here = await modelsOnDisk(modelsDir(cacheDir));
  const inUse = await current();
  const known = [BUNDLED_MODEL, ...SPEECH_MODELS].map(({ name }) => name);
  const names = [...known, ...here.filter((name) => !known.includes(name)), ...(catalogueModel(inUse) || here.includes(inUse) ? [] : [inUse])];
  const rows = await Promise.all(
    names.map(async (name) => {
      const state = [...(here.includes(name) ? [texts.here] : []), ...(name === inUse ? [texts.inUse] : []), ...noteOf(name, texts)];
      return [name === inUse ? '›' : ' ', name, await sizeOf(name, cacheDir, texts), state.join(', ')] as const;
    }),
  );
  const nameWidth = Math.max(texts.columns.name.length, ...rows.map(([, name]) => name.length));
  const sizeWidth = Math.max(texts.columns.size.length, ...rows.map(([, , size]) => size.length));
  for (const [mark, name, size, state] of [[' ', texts.columns.name, texts.columns.size, ''] as const, ...rows]) {
    print(`${mark} ${name.padEnd(nameWidth)}  ${size.padStart(sizeWidth)}  ${state}`.trimEnd());
  }
  return 0;
}

function noteOf(name: string, texts: Texts['model']): string[] {
  if (name === BUNDLED_MODEL.name) return [texts.forTests];
  return catalogueModel(name)?.isMultilingual === false ? [texts.englishOnly] : [];
}

async function sizeOf(name: string, cacheDir: string, texts: Texts['model']): Promise<string> {
  const file = modelPath(cacheDir, name);
  const bytes = existsSync(file) ? (await stat(file)).size : catalogueModel(name)?.approximateBytes;
  return bytes === undefined ? '' : formatBytes(bytes, texts);
}

/** Downloads a model, with progress. The exit status: 0, also where it is here already; 1 where it could not be had. */
export async function pullNamedModel(name: string, deps: ModelDependencies, signal: AbortSignal): Promise<number> {
  const { cacheDir, mirror, proxies, texts, print, progress } = deps;
  const model = catalogueModel(name);
  if (model === undefined) {
    print(texts.unknown(name, SPEECH_MODELS.map((each) => each.name).join(', ')));
    return EXIT_FAILURE;
  }
  const meter = transferMeter();
  try {
    const file = await pullModel(
      model,
      {
        cache: cacheDir,
        mirror,
        proxies,
        onWait: (pid) => print(texts.waiting(pid)),
        onProgress: ({ receivedBytes, totalBytes }) => {
          const { bytesPerSecond, leftMs } = meter(receivedBytes, totalBytes);
          const speed = texts.perSecond(formatBytes(bytesPerSecond, texts));
          const left = leftMs === undefined ? [] : [texts.left(formatDuration(leftMs, texts))];
          const size = texts.ofTotal(formatBytes(receivedBytes, texts), formatBytes(totalBytes, texts));
          progress.show(name, receivedBytes / totalBytes, [size, speed, ...left].join(', '));
        },
      },
      signal,
    );
    progress.clear();
    print(texts.pulled(name, formatBytes((await stat(file)).size, texts)));
    // The detector is needed with every model, and nobody should have to know its name.
    if (name === DETECTOR.name || existsSync(modelPath(cacheDir, DETECTOR.name)) || name === BUNDLED_MODEL.name) return 0;
    return await pullNamedModel(DETECTOR.name, deps, signal);
  } catch (error) {
    progress.clear();
    if (!(error instanceof DownloadError)) throw error;
    print(texts.notPulled(name, texts.downloadFailures[error.reason](error.detail)));
    return EXIT_FAILURE;
  }
}

/** Chooses the model for the daemon's next start. The exit status: 0; 1 where it is not on this machine. */
export async function useModel(name: string, { cacheDir, texts, print, choose }: ModelDependencies): Promise<number> {
  if (!(await modelsOnDisk(modelsDir(cacheDir))).includes(name)) {
    print(texts.notHere(name));
    return EXIT_FAILURE;
  }
  await choose(name);
  print(texts.chosen(name));
  return 0;
}
