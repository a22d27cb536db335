import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { errorText, SetupError } from '../errors.js';
import { BUNDLED_MODEL, catalogueModel, SPEECH_MODELS } from '../setup/model-catalogue.mjs';
import { nearestModel } from './nearest-model.js';

/** "lmgg": ggml's magic number, little-endian, at the start of every model of whisper.cpp. */
const MAGIC = Buffer.from('lmgg', 'latin1');
/** The catalogue knows sizes to the nearest MB or so. */
const LEAST_OF_SIZE = 0.9;

/**
 * Looks, without reading all of it, whether the file is a model: a web page, a pointer of Git LFS, an empty file and a copy
 * that was cut short are found before a voice has to wait for them. @throws SetupError
 */
export async function requireModel(path: string): Promise<void> {
  const name = /^ggml-(.+)\.bin$/.exec(basename(path))?.[1] ?? 'NAME';
  const { start, size } = await beginningOf(path).catch((error: unknown) => {
    throw new SetupError(`${path} cannot be used (${errorText(error)})`, howToGet(name), { cause: error });
  });
  const wantedBytes = LEAST_OF_SIZE * (catalogueModel(name)?.approximateBytes ?? 0);
  if (start.equals(MAGIC) && size >= wantedBytes) return;
  const what = start.equals(MAGIC) ? `is cut short (${size} bytes)` : 'is no model';
  throw new SetupError(`${path} ${what}`, `Get it again: npm run model -- pull ${name}`);
}

/** What is not in the catalogue cannot be pulled: mostly it is mistyped. */
function howToGet(name: string): string {
  if (catalogueModel(name) !== undefined) return `The model is not here yet: npm run model -- pull ${name}`;
  const nearest = nearestModel(name, [BUNDLED_MODEL, ...SPEECH_MODELS].map((model) => model.name));
  const meant = nearest === undefined ? '.' : `; did you mean ${nearest}?`;
  return `There is no model named ${name}${meant} All there are: npm run model -- list`;
}

async function beginningOf(path: string): Promise<{ start: Buffer; size: number }> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return { start: buffer.subarray(0, bytesRead), size: (await file.stat()).size };
  } finally {
    await file.close();
  }
}
