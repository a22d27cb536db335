import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DownloadError } from './download-error.mjs';
import { shownProxy } from './download-proxies.mjs';
import { followRedirects, shownAddress } from './follow-redirects.mjs';
import { forgetVersion, noteVersion, versionOf } from './part-version.mjs';
import { proxiedFetch } from './proxied-fetch.mjs';

/**
 * @typedef {object} DownloadTask
 * @property {string} url
 * @property {string} destination gets its name when the bytes are whole; until then they are in `destination.part`
 * @property {'sha1' | 'sha256'} algorithm
 * @property {string} checksum hex
 * @property {number} approximateBytes
 * @property {import('./download-proxies.mjs').DownloadProxies | undefined} [proxies]
 * @property {(progress: DownloadProgress) => void} [onProgress]
 * @property {Partial<DownloadTiming>} [timing]
 */

/** @typedef {{ receivedBytes: number, totalBytes: number }} DownloadProgress bytes of earlier attempts included */

/**
 * @typedef {object} DownloadTiming
 * @property {number} stallMs no byte for so long: the connection is given up
 * @property {number} retryMs before the second attempt; doubles with each that brought nothing
 * @property {number} attempts without a new byte, before it is given up
 */

/** @type {DownloadTiming} */
const TIMING = { stallMs: 20_000, retryMs: 1_000, attempts: 4 };

// "lmgg": ggml's magic number 0x67676d6c, little-endian, at the start of every model of whisper.cpp.
const MAGIC = Buffer.from('lmgg', 'latin1');
const SPARE_BYTES = 64 * 2 ** 20;
/** A server that sends without end must not fill the disk. */
const LONGEST_SHARE = 1.1;
const LONGEST_RETRY_MS = 60_000;

/**
 * Downloads a ggml file and checks it. Goes on from what an earlier attempt or run left, tries again after drops, stalls
 * and the server's passing troubles, and never leaves anything under the final name but the file with the right checksum.
 * Rejects with `DownloadError`, or the signal's reason.
 *
 * @param {DownloadTask} task
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
export async function downloadFile(task, signal) {
  const part = `${task.destination}.part`;
  try {
    await mkdir(path.dirname(part), { recursive: true });
    await needSpace(part, task.approximateBytes);
    const fetch = await proxiedFetch(task.proxies);
    for (let isSecondTime = false; ; isSecondTime = true) {
      await fetchAll(task, { part, fetch }, signal);
      if ((await fileHash(part, task.algorithm, signal)) === task.checksum) break;
      await discard(part);
      if (isSecondTime) throw new DownloadError('altered', `${task.algorithm} of ${shownAddress(task.url)}`);
    }
    await rename(part, task.destination);
    await forgetVersion(part);
  } catch (error) {
    throw ofTheDisk(error, path.dirname(part)) ?? error;
  }
}

/** @param {string} part */
async function discard(part) {
  await rm(part, { force: true });
  await forgetVersion(part);
}

/** What the file system has to say, in our words. @param {unknown} error @param {string} folder */
function ofTheDisk(error, folder) {
  if (!(error instanceof Error) || error instanceof DownloadError || !('code' in error)) return undefined;
  const code = String(error.code);
  if (code === 'ENOSPC' || code === 'EDQUOT') return new DownloadError('disk-full', folder, { cause: error });
  if (!['EACCES', 'EEXIST', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR'].includes(code)) return undefined;
  return new DownloadError('unwritable', `${folder}: ${code}`, { cause: error });
}

/**
 * @param {string} file
 * @param {'sha1' | 'sha256'} algorithm
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} hex
 */
export async function fileHash(file, algorithm, signal) {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20, signal })) hash.update(chunk);
  return hash.digest('hex');
}

/** @param {string} part @param {number} wantedBytes */
async function needSpace(part, wantedBytes) {
  const { bavail, bsize } = await statfs(path.dirname(part));
  const missing = wantedBytes - (await sizeOf(part)) + SPARE_BYTES - bavail * bsize;
  if (missing > 0) throw new DownloadError('disk-full', path.dirname(part));
}

/**
 * Attempts until `part` is as long as the server says the file is.
 *
 * @param {DownloadTask} task
 * @param {{ part: string, fetch: import('./proxied-fetch.mjs').Fetch }} means
 * @param {AbortSignal} signal
 */
async function fetchAll(task, { part, fetch }, signal) {
  const timing = { ...TIMING, ...task.timing };
  for (let fruitless = 0; ; ) {
    const before = await sizeOf(part);
    try {
      await attempt(task, { part, fetch, stallMs: timing.stallMs }, signal);
      return;
    } catch (error) {
      signal.throwIfAborted();
      const final = error instanceof DownloadError ? error : ofTheDisk(error, path.dirname(part));
      if (final !== undefined) throw final;
      fruitless = (await sizeOf(part)) > before ? 0 : fruitless + 1;
      const waitMs = error instanceof PassingTrouble ? error.retryAfterMs : undefined;
      if (fruitless >= timing.attempts || (waitMs ?? 0) > LONGEST_RETRY_MS) throw givenUp(error, task);
      await sleep(waitMs ?? timing.retryMs * 2 ** Math.max(0, fruitless - 1), undefined, { signal });
    }
  }
}

/** @param {unknown} error @param {DownloadTask} task */
function givenUp(error, { proxies, url }) {
  if (error instanceof PassingTrouble) return new DownloadError('busy', error.message, { cause: error });
  const proxy = shownProxy(proxies, url);
  const way = proxy === undefined ? '' : `, proxy ${proxy}`;
  return new DownloadError('unreachable', `${causeOf(error)}${way}`, { cause: error });
}

/** The server said to come back: 408, 429 or 5xx. */
class PassingTrouble extends Error {
  /** @param {Response} response */
  constructor(response) {
    const after = response.headers.get('retry-after');
    super(after === null ? `HTTP ${response.status}` : `HTTP ${response.status}, Retry-After: ${after.slice(0, 40)}`);
    // Seconds, or the time of day until which to wait.
    const waitMs = /^\d+$/.test(after ?? '') ? Number(after) * 1000 : Date.parse(after ?? '') - Date.now();
    /** @type {number | undefined} */
    this.retryAfterMs = Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
  }
}

/**
 * One request, from where `part` ends.
 *
 * @param {DownloadTask} task
 * @param {{ part: string, fetch: import('./proxied-fetch.mjs').Fetch, stallMs: number }} options
 * @param {AbortSignal} outer
 */
async function attempt(task, { part, fetch, stallMs }, outer) {
  const offset = await sizeOf(part);
  const watchdog = new AbortController();
  const stalled = () => watchdog.abort(new Error(`no data for ${stallMs} ms`));
  let timer = setTimeout(stalled, stallMs);
  try {
    const signal = AbortSignal.any([outer, watchdog.signal]);
    const response = await followRedirects(fetch, task.url, { headers: await headersFor(task.url, part, offset), signal });
    if (isWholeAlready(response, offset)) return;
    const start = await startOf(response, { part, offset });
    await receive(response, { part, start, ...task }, () => {
      clearTimeout(timer);
      timer = setTimeout(stalled, stallMs);
    });
  } finally {
    clearTimeout(timer);
    watchdog.abort(); // a body that was not read to its end must not hold the connection
  }
}

/**
 * The rest is asked for on condition that the file is still the one that `part` is the beginning of; where the server knows
 * that it is another one, it sends that from its beginning.
 *
 * @param {string} url @param {string} part @param {number} offset
 * @returns {Promise<Record<string, string>>}
 */
async function headersFor(url, part, offset) {
  const headers = { 'accept-encoding': 'identity' };
  if (offset === 0) return headers;
  const version = await versionOf(part, url);
  return { ...headers, range: `bytes=${offset}-`, ...(version === undefined ? {} : { 'if-range': version }) };
}

/** 416 to a range that begins at the end: there is nothing left to fetch. @param {Response} response @param {number} offset */
function isWholeAlready(response, offset) {
  return response.status === 416 && response.headers.get('content-range') === `bytes */${offset}`;
}

/**
 * Where in the file the body belongs. 206 goes on at `offset`, 200 begins anew (the server knows no ranges).
 *
 * @param {Response} response
 * @param {{ part: string, offset: number }} place
 * @returns {Promise<number>}
 */
async function startOf(response, { part, offset }) {
  const { status, headers } = response;
  if (status === 408 || status === 429 || status >= 500) throw new PassingTrouble(response);
  if (status === 416 && offset > 0) {
    await discard(part); // longer than the file: not a piece of it
    throw new Error('HTTP 416');
  }
  if (status !== 200 && status !== 206) throw new DownloadError('refused', `HTTP ${status}`);
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) throw new DownloadError('not-a-model', 'text/html');
  if (status === 200) return 0;
  const start = /^bytes (\d+)-/.exec(headers.get('content-range') ?? '')?.[1];
  if (Number(start) === offset) return offset;
  await discard(part);
  throw new Error(`asked for bytes from ${offset}, got ${headers.get('content-range') ?? 'no content-range'}`);
}

/**
 * @param {Response} response
 * @param {{ url: string, part: string, start: number, approximateBytes: number, onProgress?: (progress: DownloadProgress) => void }} place
 * @param {() => void} onChunk
 */
async function receive(response, { url, part, start, approximateBytes, onProgress }, onChunk) {
  if (response.body === null) throw new Error('no body');
  const length = Number(response.headers.get('content-length') ?? NaN);
  const totalBytes = Number.isNaN(length) ? approximateBytes : start + length;
  let received = start;
  /** @type {import('node:fs/promises').FileHandle | undefined} */
  let file;
  try {
    for await (const chunk of response.body) {
      onChunk();
      // Before the file is touched: a portal's page must not cost the bytes that are there.
      if (received === 0 && !startsLikeModel(chunk)) throw new DownloadError('not-a-model', describe(chunk));
      if (received + chunk.length > LONGEST_SHARE * approximateBytes + MAGIC.length) {
        await discard(part);
        throw new DownloadError('not-a-model', `more than ${approximateBytes} bytes`);
      }
      if (file === undefined) {
        file = await open(part, start === 0 ? 'w' : 'a');
        if (start === 0) await noteVersion(part, url, response.headers.get('etag'));
      }
      await file.writeFile(chunk);
      received += chunk.length;
      onProgress?.({ receivedBytes: received, totalBytes: Math.max(totalBytes, received) });
    }
  } finally {
    await file?.close();
  }
  if (received < totalBytes && !Number.isNaN(length)) throw new Error(`${received} of ${totalBytes} bytes`);
  if (received === 0) throw new Error('an empty answer');
}

/** @param {Uint8Array} chunk */
function startsLikeModel(chunk) {
  const length = Math.min(MAGIC.length, chunk.length);
  return MAGIC.subarray(0, length).equals(chunk.subarray(0, length));
}

/** @param {Uint8Array} chunk */
function describe(chunk) {
  const text = Buffer.from(chunk.subarray(0, 64)).toString('latin1');
  return /^version https:\/\/git-lfs/.test(text) ? 'a Git LFS pointer' : 'not in ggml format';
}

/** @param {string} file @returns {Promise<number>} */
async function sizeOf(file) {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

/** @param {unknown} error @param {string} code */
function isCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** fetch hides the reason in causes; the library's own codes say less than its words. @param {unknown} error @returns {string} */
function causeOf(error) {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  if (!(root instanceof Error)) return String(root);
  const code = 'code' in root && typeof root.code === 'string' ? root.code : undefined;
  return code === undefined || code.startsWith('UND_') ? root.message : code;
}
