import { existsSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { SetupError } from '../errors.js';
import { formatBytes } from '../setup/format.mjs';
import { BUNDLED_MODEL, catalogueModel, DETECTOR, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import { modelPath, modelsDir } from '../setup/paths.mjs';
import { modelsOnDisk } from '../speech/models-on-disk.js';
import { requireModel } from '../speech/require-model.js';
import type { ModelDependencies } from './model-dependencies.js';

type ListDependencies = Pick<ModelDependencies, 'cacheDir' | 'memoryBytes' | 'current' | 'speeds' | 'texts' | 'print'>;

/** One row of the list; what is not known is left out. */
interface ListedModel {
  name: string;
  /** Of the file: as it is, or as it will be. */
  bytes?: number;
  /** What the engine takes with it. */
  memoryBytes?: number;
  state: 'here' | 'damaged' | 'begun' | 'not-here';
  inUse: boolean;
  englishOnly: boolean;
  fitsMemory?: boolean;
  fitsDisk?: boolean;
  /** Of a file that is on its way. */
  receivedBytes?: number;
  /** Time of the engine per time of sound, as measured here. */
  realTimeFactor?: number;
}

/** The daemon itself, its Redis and a voice on its way: README.md, "What a model costs". */
const MEMORY_OF_THE_REST = 200 * 2 ** 20;
/** A disk that is full to the last byte is no good to anybody. */
const DISK_LEFT_OVER = 64 * 2 ** 20;

/**
 * All models that are known or here, the one that finds speech last: size, memory, speed as measured here, what is on this machine and in use, and what does
 * not fit it. The exit status: 0.
 */
export async function listModels(deps: ListDependencies, { json }: { json?: boolean } = {}): Promise<number> {
  const { cacheDir, memoryBytes, texts, print } = deps;
  const inUse = await deps.current().catch((error: unknown) => {
    if (error instanceof SetupError) return undefined;
    throw error;
  });
  const freeBytes = await freeSpace(cacheDir);
  const models = await lookAtModels(deps, { inUse, freeBytes });
  if (json === true) {
    print(JSON.stringify({ memoryBytes, freeBytes, models }, null, 2));
    return 0;
  }
  printTable(models, deps);
  print('');
  if (models.some(({ realTimeFactor }) => realTimeFactor !== undefined)) print(texts.speedMeans);
  else print(texts.speedUnknown);
  print(texts.machine(formatBytes(memoryBytes, texts), formatBytes(freeBytes, texts)));
  if (inUse === undefined) print(texts.inUseUnknown);
  return 0;
}

async function lookAtModels(
  { cacheDir, memoryBytes, speeds }: ListDependencies,
  { inUse, freeBytes }: { inUse: string | undefined; freeBytes: number },
): Promise<ListedModel[]> {
  const detector = existsSync(modelPath(cacheDir, DETECTOR.name)) ? [DETECTOR.name] : [];
  const here = [...(await modelsOnDisk(modelsDir(cacheDir))), ...detector];
  const measured = await speeds();
  const known = [BUNDLED_MODEL, ...SPEECH_MODELS, DETECTOR].map(({ name }) => name);
  const names = [...new Set([...known, ...here, ...(inUse === undefined ? [] : [inUse])])];
  return Promise.all(
    names.map(async (name): Promise<ListedModel> => {
      const file = modelPath(cacheDir, name);
      const receivedBytes = await sizeOf(`${file}.part`);
      const bytes = (await sizeOf(file)) ?? catalogueModel(name)?.approximateBytes;
      const needsBytes = catalogueModel(name)?.memoryBytes;
      const realTimeFactor = measured.get(name)?.realTimeFactor;
      const state = here.includes(name) ? await stateOf(file) : receivedBytes === undefined ? 'not-here' : 'begun';
      const missing = state === 'here' || bytes === undefined ? undefined : bytes - (receivedBytes ?? 0);
      return {
        name,
        ...(bytes !== undefined && { bytes }),
        ...(needsBytes !== undefined && { memoryBytes: needsBytes, fitsMemory: needsBytes + MEMORY_OF_THE_REST <= memoryBytes }),
        state,
        inUse: name === inUse,
        englishOnly: catalogueModel(name)?.isMultilingual === false,
        ...(missing !== undefined && { fitsDisk: missing + DISK_LEFT_OVER <= freeBytes }),
        ...(state === 'begun' && receivedBytes !== undefined && { receivedBytes }),
        ...(realTimeFactor !== undefined && { realTimeFactor }),
      };
    }),
  );
}

function printTable(models: ListedModel[], { texts, print }: ListDependencies): void {
  const speedOf = ({ realTimeFactor }: ListedModel): string =>
    realTimeFactor === undefined ? '' : texts.timesFaster(texts.decimal((1 / realTimeFactor).toFixed(1)));
  const size = (bytes: number | undefined): string => (bytes === undefined ? '' : formatBytes(bytes, texts));
  const { columns } = texts;
  const rows = [
    [' ', columns.name, columns.size, columns.memory, columns.speed, ''],
    ...models.map((model) => [model.inUse ? '›' : ' ', model.name, size(model.bytes), size(model.memoryBytes), speedOf(model), notesOf(model, texts).join(', ')]),
  ] as [string, string, string, string, string, string][];
  const hasSpeeds = models.some((model) => model.realTimeFactor !== undefined);
  const width = (column: 1 | 2 | 3 | 4): number => Math.max(...rows.map((row) => row[column].length));
  for (const [mark, name, bytes, memory, speed, notes] of rows) {
    const cells = [`${mark} ${name.padEnd(width(1))}`, bytes.padStart(width(2)), memory.padStart(width(3))];
    print([...cells, ...(hasSpeeds ? [speed.padStart(width(4))] : []), notes].join('  ').trimEnd());
  }
}

function notesOf(model: ListedModel, texts: ListDependencies['texts']): string[] {
  const notes = {
    here: [texts.here],
    damaged: [texts.damaged],
    begun: [texts.begun(Math.floor((100 * (model.receivedBytes ?? 0)) / (model.bytes ?? 1)))],
    'not-here': [],
  }[model.state];
  return [
    ...notes,
    ...(model.inUse ? [model.state === 'here' ? texts.inUse : texts.wanted] : []),
    ...(model.fitsMemory === false ? [texts.tooLarge] : []),
    ...(model.fitsDisk === false ? [texts.noRoom] : []),
    ...(model.englishOnly ? [texts.englishOnly] : []),
    ...(model.name === BUNDLED_MODEL.name ? [texts.forTests] : []),
    ...(model.name === DETECTOR.name ? [texts.findsSpeech] : []),
  ];
}

async function stateOf(file: string): Promise<'here' | 'damaged'> {
  return requireModel(file).then(
    () => 'here',
    () => 'damaged',
  );
}

async function sizeOf(file: string): Promise<number | undefined> {
  return existsSync(file) ? (await stat(file)).size : undefined;
}

/** Of the disk that models are on; the folder itself may not be there yet. */
async function freeSpace(cacheDir: string): Promise<number> {
  const folder = [modelsDir(cacheDir), cacheDir].find((path) => existsSync(path));
  const { bavail, bsize } = await statfs(folder ?? '/');
  return bavail * bsize;
}
