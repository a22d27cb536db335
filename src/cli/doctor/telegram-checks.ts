import { ConfigError, errorText } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import type { Check, Finding } from './check.js';

type DoctorTexts = Texts['doctor'];

/** Both of API id and hash are set; what they are is not shown. */
export function checkCredentials(texts: DoctorTexts, hasApiId: boolean, hasApiHash: boolean): Check {
  return () => {
    const { name } = texts.credentials;
    const missing = [...(hasApiId ? [] : ['TELEGRAM_API_ID']), ...(hasApiHash ? [] : ['TELEGRAM_API_HASH'])];
    if (missing.length === 0) return Promise.resolve({ name, state: 'ok', found: texts.credentials.set });
    return Promise.resolve({ name, state: 'failed', found: texts.credentials.missing(missing.join(', ')), remedy: texts.credentials.get });
  };
}

export type RefusalOf = (session: string) => Promise<{ found: string; remedy: string } | undefined>;

/**
 * There is a session, it can be opened, and Telegram did not refuse it for good.
 * @param load resolves with undefined where there is none
 */
export function checkSession(
  texts: DoctorTexts,
  load: () => Promise<string | undefined>,
  refusalOf: RefusalOf = () => Promise.resolve(undefined),
): Check {
  return async () => {
    const { name } = texts.session;
    try {
      const session = await load();
      if (session === undefined) return { name, state: 'failed', found: texts.session.none, remedy: texts.session.signIn };
      const refusal = await refusalOf(session);
      return refusal === undefined ? { name, state: 'ok', found: texts.session.opens } : { name, state: 'failed', ...refusal };
    } catch (error) {
      const remedy = error instanceof ConfigError ? error.issues.join('\n') : errorText(error);
      return { name, state: 'failed', found: texts.session.sealed, remedy };
    }
  };
}

/** MTProto refuses messages whose time is 30 s ahead or 300 s behind; GramJS corrects it, other things do not. */
const LARGEST_SKEW_MS = 30_000;
const NETWORK_DEADLINE_MS = 5000;

/** How far this machine's clock is from Telegram's, by the `Date` of an answer of its web server (exact to a second). */
export function checkClock(texts: DoctorTexts, url = 'https://telegram.org/', nowMs = Date.now): Check {
  return async (signal) => {
    const { name } = texts.clock;
    try {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(NETWORK_DEADLINE_MS)]);
      const response = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: limited });
      const serverMs = Date.parse(response.headers.get('date') ?? '');
      if (Number.isNaN(serverMs)) return { name, state: 'unknown', found: texts.clock.noDate };
      return clockFinding(texts, nowMs() - serverMs);
    } catch {
      signal.throwIfAborted();
      return { name, state: 'unknown', found: texts.clock.noNetwork }; // a machine without a network is no fault of the clock
    }
  };
}

/** What it means that the clock is that far ahead of Telegram's. */
export function clockFinding(texts: DoctorTexts, skewMs: number): Finding {
  const finding = { name: texts.clock.name, found: texts.clock.off(Math.round(skewMs / 1000)) };
  if (Math.abs(skewMs) <= LARGEST_SKEW_MS) return { ...finding, state: 'ok' };
  return { ...finding, state: 'failed', remedy: texts.clock.synchronise };
}
