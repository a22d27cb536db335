import { readFile, rm, writeFile } from 'node:fs/promises';
import { shownAddress } from './follow-redirects.mjs';

/**
 * Which version of the file at `url` the unfinished download `part` is the beginning of, as the server names it (a strong
 * ETag). Undefined where nobody knows, or the beginning is of another server's: a mirror's names mean nothing elsewhere.
 *
 * @param {string} part
 * @param {string} url
 * @returns {Promise<string | undefined>}
 */
export async function versionOf(part, url) {
  try {
    const [noted, version] = (await readFile(noteOf(part), 'utf8')).split('\n');
    return noted === shownAddress(url) ? version : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {string} part
 * @param {string} url
 * @param {string | null} etag a weak one tells nothing about bytes
 */
export async function noteVersion(part, url, etag) {
  if (etag !== null && /^"[\x21\x23-\x7e]*"$/.test(etag)) await writeFile(noteOf(part), `${shownAddress(url)}\n${etag}\n`);
  else await forgetVersion(part);
}

/** @param {string} part */
export async function forgetVersion(part) {
  await rm(noteOf(part), { force: true });
}

/** @param {string} part */
function noteOf(part) {
  return `${part}.version`;
}
