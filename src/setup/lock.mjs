import { mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @typedef {{ pid: number, host: string }} LockOwner
 */

const HEARTBEAT_MS = 5_000;
const ABANDONED_AFTER_MS = 120_000;
const UNWRITTEN_AFTER_MS = 10_000;
const POLL_MS = 250;

/**
 * Runs `work` while no other process holds the lock `file`. The lock is a file with its owner's process id, touched every
 * few seconds; one whose process is gone, or which was not touched for two minutes, is taken over. It keeps two set-ups
 * from doing the same work; what they make is safe without it, being renamed into place when whole.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {{ onWait?: (owner: LockOwner) => void, signal?: AbortSignal }} [options] `onWait` is called once
 * @returns {Promise<T>}
 */
export async function withLock(file, work, { onWait, signal } = {}) {
  mkdirSync(path.dirname(file), { recursive: true });
  let isTold = false;
  while (!tryLock(file)) {
    const owner = readOwner(file);
    if (!isTold && owner !== undefined) {
      onWait?.(owner);
      isTold = true;
    }
    await sleep(POLL_MS, undefined, { signal });
  }
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  }
}

/** @param {string} file @returns {boolean} */
function tryLock(file) {
  if (create(file)) return true;
  if (!isStale(file)) return false;
  removeStale(file);
  return create(file);
}

/** @param {string} file @returns {boolean} */
function create(file) {
  try {
    writeFileSync(file, JSON.stringify({ pid: process.pid, host: os.hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** @param {string} file @returns {boolean} */
function isStale(file) {
  const touchedMsAgo = age(file);
  if (touchedMsAgo === undefined) return false;
  const owner = readOwner(file);
  if (owner === undefined) return touchedMsAgo > UNWRITTEN_AFTER_MS;
  return touchedMsAgo > ABANDONED_AFTER_MS || (owner.host === os.hostname() && !isAlive(owner.pid));
}

/**
 * Two processes may find the same stale lock: each moves it aside first, and one that finds it has moved a fresh lock
 * instead gives it back.
 *
 * @param {string} file
 */
function removeStale(file) {
  const aside = `${file}.${process.pid}.stale`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  if (isStale(aside)) rmSync(aside, { force: true });
  else renameSync(aside, file);
}

/** @param {string} file @returns {LockOwner | undefined} */
function readOwner(file) {
  try {
    return /** @type {LockOwner} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param {string} file @returns {number | undefined} ms */
function age(file) {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? undefined : Date.now() - stat.mtimeMs;
}

/** @param {string} file */
function touch(file) {
  try {
    utimesSync(file, new Date(), new Date());
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error; // taken over while this machine slept: the work goes on, unlocked
  }
}

/** @param {number} pid @returns {boolean} */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

/** @param {unknown} error @param {string} code */
function hasCode(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
