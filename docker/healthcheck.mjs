// Says by its exit status whether the daemon is well. What the daemon writes every 15 s tells where to ask:
//
//   $GRAMSCRIBE_DATA/health.json   { "state": string, "atMs": number, "pid": number, "port"?: number, … }
//
// Well means: written in the last minute (the event loop turns, the disk takes writes) and every check of /readyz at that
// port is well. Where the daemon has no port (GRAMSCRIBE_HEALTH_PORT=off, or taken) the state has to do: `connected` is the
// good one. One line on standard output says what is wrong; `docker inspect` shows it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

const OLDEST_MS = 60_000;
const ANSWER_DEADLINE_MS = 4000;

/** @returns {Promise<string | undefined>} what is wrong */
async function ailment() {
  const file = path.join(process.env.GRAMSCRIBE_DATA ?? 'data', 'health.json');
  let health;
  try {
    health = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return `${file} cannot be read, so the daemon has not started yet: ${textOf(error)}`;
  }
  const ageMs = Date.now() - Number(health?.atMs ?? NaN);
  if (Number.isNaN(ageMs)) return `${file} holds no heartbeat`;
  if (ageMs > OLDEST_MS) return `no heartbeat for ${Math.round(ageMs / 1000)} s`;
  if (health.state === 'stopped' || health.port === undefined) return health.state === 'connected' ? undefined : `Telegram: ${health.state}`;
  return unready(health.port);
}

/** @param {number} port @returns {Promise<string | undefined>} */
async function unready(port) {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) });
    /** @type {{ ready: boolean, checks: Record<string, { ok: boolean, detail: string }> }} */
    const { ready, checks } = JSON.parse(await response.text());
    if (ready) return undefined;
    return Object.entries(checks).filter(([, { ok }]) => !ok).map(([name, { detail }]) => `${name}: ${detail}`).join('; ');
  } catch (error) {
    return `the daemon does not answer at port ${port}: ${textOf(error)}`;
  }
}

/** @param {unknown} error */
function textOf(error) {
  return error instanceof Error ? error.message : String(error);
}

const problem = await ailment();
console.log(problem ?? 'well');
process.exitCode = problem === undefined ? 0 : 1;
