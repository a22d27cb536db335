import { errorText, UnreachableError } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import type { Reached } from '../../telegram/reach-data-centre.js';
import type { Check } from './check.js';
import { clockFinding } from './telegram-checks.js';

type DoctorTexts = Texts['doctor'];

/** How one proxy is tried: resolves when Telegram answers through it, and by it alone. */
export interface ProxyProbe {
  name: string;
  reach: (signal: AbortSignal) => Promise<Reached>;
}

interface Outcome {
  tookMs: number;
  askedAtMs: number;
  reached?: Reached;
  error?: unknown;
}

/**
 * One check a proxy, each tried once and all at the same time, and one of the clock, by what Telegram said through them. A
 * proxy that is dead is a warning while another one lives.
 */
export function checksByProxy(texts: DoctorTexts, probes: readonly ProxyProbe[], nowMs = Date.now): Check[] {
  let asked: Promise<Outcome[]> | undefined;
  const outcomes = async (signal: AbortSignal): Promise<Outcome[]> => {
    asked ??= Promise.all(probes.map((probe) => tried(probe, signal, nowMs)));
    const all = await asked;
    signal.throwIfAborted();
    return all;
  };
  const checks = probes.map((probe, index): Check => async (signal) => {
    const all = await outcomes(signal);
    const { name } = texts.proxy;
    const { reached, tookMs = 0, error } = all[index] ?? {};
    if (reached !== undefined) return { name, state: 'ok', found: texts.proxy.works(probe.name, tookMs) };
    const found = texts.proxy.fails(probe.name, reasonOf(error));
    if (all.every((one) => one.reached === undefined)) return { name, state: 'failed', found, remedy: texts.proxy.checkLink };
    return { name, state: 'warning', found, remedy: texts.proxy.passedOver };
  });
  const checkClock: Check = async (signal) => {
    const told = (await outcomes(signal)).find(({ reached }) => reached?.serverTimeMs !== undefined);
    const serverTimeMs = told?.reached?.serverTimeMs;
    if (told === undefined || serverTimeMs === undefined) return { name: texts.clock.name, state: 'unknown', found: texts.clock.noNetwork };
    return clockFinding(texts, told.askedAtMs - serverTimeMs);
  };
  return [...checks, checkClock];
}

async function tried({ reach }: ProxyProbe, signal: AbortSignal, nowMs: () => number): Promise<Outcome> {
  const startMs = performance.now();
  try {
    const reached = await reach(signal);
    return { tookMs: Math.round(performance.now() - startMs), askedAtMs: nowMs(), reached };
  } catch (error) {
    return { tookMs: 0, askedAtMs: nowMs(), error };
  }
}

/** The proxy's own failure, where there is one: that none of all proxies works is no news of a single one. */
function reasonOf(error: unknown): string {
  return errorText(error instanceof UnreachableError ? (error.cause ?? error) : error);
}
