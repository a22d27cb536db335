/** What a package may be; all of it is held in memory while it is looked at. */
export const packageLimits = {
  archiveBytes: 1_000_000,
  unpackedBytes: 2_000_000,
  files: 64,
  manifestBytes: 64_000,
};

export const MANIFEST_NAME = 'gramscribe-module.json';

/** Letters, digits, `.`, `-` and `_`, five folders deep at most: no way up, no hidden files, nothing that a shell or a file system reads otherwise. */
const SAFE_PATH = /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*){0,4}$/;

export function isSafePath(path: string): boolean {
  return path.length <= 100 && SAFE_PATH.test(path) && !path.includes('..');
}

/** Files of a package by their path in it, without the manifest. */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;
