/** What the daemon knows of itself, asked anew for every answer. */
export interface VitalSigns {
  /** There is a connection to Telegram. */
  connected: () => boolean;
  /** For how long Telegram has answered nothing, ms; undefined where it never did. */
  silentForMs: () => number | undefined;
  /** A question to Redis and its answer. */
  redisAnswers: () => Promise<boolean>;
  /** Why no voice could be transcribed just now; undefined where one could. */
  engineTrouble: () => Promise<string | undefined>;
}

export interface Check {
  ok: boolean;
  detail: string;
}

export interface Readiness {
  ready: boolean;
  checks: Record<'telegram' | 'probe' | 'redis' | 'engine', Check>;
}

/** Two of the longest pauses between two probes, and what a slow answer takes. */
const SILENT_TOO_LONG_MS = 150_000;
const CHECK_DEADLINE_MS = 2000;

/** Whether a voice that arrived now would be answered now, check by check. Never rejects, and takes 2 s at the most. */
export async function examine(signs: VitalSigns, deadlineMs = CHECK_DEADLINE_MS): Promise<Readiness> {
  const [redis, engine] = await Promise.all([
    inTime(async () => ((await signs.redisAnswers()) ? well('answers') : ill('does not answer')), deadlineMs),
    inTime(async () => engineCheck(await signs.engineTrouble()), deadlineMs),
  ]);
  const telegram = signs.connected() ? well('connected') : ill('not connected');
  const checks = { telegram, probe: probeCheck(signs.silentForMs()), redis, engine };
  return { ready: Object.values(checks).every(({ ok }) => ok), checks };
}

function probeCheck(silentForMs: number | undefined): Check {
  if (silentForMs === undefined) return ill('no answer yet');
  const detail = `last answer ${Math.round(silentForMs / 1000)} s ago`;
  return silentForMs <= SILENT_TOO_LONG_MS ? well(detail) : ill(detail);
}

function engineCheck(trouble: string | undefined): Check {
  return trouble === undefined ? well('able') : ill(trouble);
}

async function inTime(check: () => Promise<Check>, deadlineMs: number): Promise<Check> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve(ill(`no answer within ${deadlineMs / 1000} s`)), deadlineMs);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    // Its text may name files and addresses, which are nobody's business here.
    return ill(`could not be checked (${error instanceof Error ? error.name : typeof error})`);
  } finally {
    clearTimeout(timer);
  }
}

function well(detail: string): Check {
  return { ok: true, detail };
}

function ill(detail: string): Check {
  return { ok: false, detail };
}
