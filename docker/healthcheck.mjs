// Says by its exit status whether the daemon is well, from the file that the daemon writes every 15 s:
//
//   $GRAMSCRIBE_DATA/health.json   { "state": string, "atMs": number, "pid": number }
//
// `state` is the state of the connection to Telegram (`connected` is the good one) or `stopped`; `atMs` is when it was
// written, in ms since 1970; `pid` is who wrote it. Well means: written in the last minute (the event loop turns, the disk
// takes writes) and connected. One line on standard output says why not; `docker inspect` shows it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const OLDEST_MS = 60_000;

/** @returns {string | undefined} what is wrong */
function ailment() {
  const file = path.join(process.env.GRAMSCRIBE_DATA ?? 'data', 'health.json');
  let health;
  try {
    health = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const ageMs = Date.now() - health.atMs;
  if (!(ageMs < OLDEST_MS)) return `no heartbeat for ${Math.round(ageMs / 1000)} s`;
  return health.state === 'connected' ? undefined : `Telegram: ${health.state}`;
}

const problem = ailment();
console.log(problem ?? 'well');
process.exitCode = problem === undefined ? 0 : 1;
