import { join } from 'node:path';
import { AppError } from '../errors.js';

const MODEL_NAME = /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/;

/** Whether `name` can be the name of a model: nothing that could leave the folder or look like an option. */
export function isModelName(name: string): boolean {
  return MODEL_NAME.test(name) && !name.includes('..');
}

/** Where the model `name` lies in the models' folder (whisper.cpp's own file names). `AppError` for a name that is none. */
export function modelPath(modelsDir: string, name: string): string {
  if (!isModelName(name)) throw new AppError(`${JSON.stringify(name.slice(0, 60))} is not the name of a model`);
  return join(modelsDir, `ggml-${name}.bin`);
}
