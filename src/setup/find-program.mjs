import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * The first of the programs that is in PATH, as its full path.
 *
 * @param {readonly string[]} names any of them will do
 * @param {string} [searchPath]
 * @returns {string | undefined}
 */
export function findProgram(names, searchPath = process.env.PATH ?? '') {
  const folders = searchPath.split(path.delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not for us to run
  }
}
