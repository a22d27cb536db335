import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { formatBytes } from '../setup/format.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { isModelName } from '../speech/model-path.js';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { notHere } from '../speech/switch-model.js';
import { EXIT_FAILURE } from './exit-status.js';
import type { ModelDependencies } from './model-dependencies.js';

type RemoveDependencies = Pick<ModelDependencies, 'cacheDir' | 'current' | 'texts' | 'print'>;

/** Deletes a model, or what is there of one that was not downloaded whole. The exit status: 0; 1 where it is in use or not here. */
export async function removeModel(name: string, { cacheDir, current, texts, print }: RemoveDependencies): Promise<number> {
  const file = isModelName(name) ? modelPath(cacheDir, name) : undefined;
  const found = file === undefined ? [] : [file, `${file}.part`].filter((path) => existsSync(path));
  if (file === undefined || found.length === 0) {
    const answer = notHere(name, await modelsOnDisk(modelsDir(cacheDir)));
    print(answer.outcome === 'unknown' ? texts.unknown(name, answer.nearest) : texts.nothingToRemove(name));
    return EXIT_FAILURE;
  }
  if ((await current()) === name) {
    print(texts.removeInUse(name));
    return EXIT_FAILURE;
  }
  const sizes = await Promise.all(found.map(async (path) => (await stat(path)).size));
  for (const path of [...found, `${file}.part.version`]) await rm(path, { force: true });
  print(texts.removed(name, formatBytes(sizes.reduce((sum, size) => sum + size, 0), texts)));
  return 0;
}
