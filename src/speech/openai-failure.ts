import { z } from 'zod';
import { type AppError, PermanentError, RetryableError, SetupError } from '../errors.js';

export interface OpenAiRefusal {
  status: number;
  /** The header `Retry-After`. */
  retryAfter: string | null;
  body: string;
}

/** OpenAI's shape of an error; other servers keep to it more or less. */
const refusalShape = z.object({
  error: z.object({ code: z.union([z.string(), z.number()]).nullish(), param: z.string().nullish(), type: z.string().nullish() }),
});

/** Codes of errors that only money heals, though they come with the status of a rate limit. */
const OUT_OF_CREDIT = new Set(['insufficient_quota', 'credit_balance_exhausted', 'billing_hard_limit_reached']);
/** Codes of TLS errors (Node's and OpenSSL's) that somebody has to do something about. */
const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

const MAX_RETRY_AFTER_MS = 3600_000;
/** Being away, or restarted, is no failure of the voice's: it is asked again after this, as often as it takes within reason. */
const AWAY_RETRY_MS = 30_000;
const AWAY = new Set([502, 503, 504]);

/**
 * What an answer that is no transcription means. Pure. Nothing of the server's own words is kept, only status and code: it may
 * quote what it was sent.
 */
export function openAiFailure({ status, retryAfter, body }: OpenAiRefusal, nowMs: number): AppError {
  const { code, type } = detailsOf(body);
  const said = `the transcription server answered ${status}${code === undefined ? '' : ` (${code})`}`;
  if (status === 401) return new SetupError(said, 'The key is refused: set GRAMSCRIBE_OPENAI_KEY right');
  if (status === 402 || OUT_OF_CREDIT.has(code ?? '') || OUT_OF_CREDIT.has(type ?? '')) {
    return new SetupError(said, 'The account of GRAMSCRIBE_OPENAI_KEY has no credit left');
  }
  if (status === 403) return new SetupError(said, 'The owner of GRAMSCRIBE_OPENAI_KEY may not do this, or not from this country');
  if (status === 404 && code === 'model_not_found') return new SetupError(said, 'There is no such model: set GRAMSCRIBE_OPENAI_MODEL right');
  if (status === 404 || status === 405 || (status >= 300 && status < 400)) {
    return new SetupError(said, 'There is no transcription at this address: set GRAMSCRIBE_OPENAI_URL right (and GRAMSCRIBE_OPENAI_MODEL)');
  }
  if (status === 429 || status === 408 || status >= 500) return new RetryableError(said, retryAfterMs(retryAfter, nowMs) ?? (AWAY.has(status) ? AWAY_RETRY_MS : undefined));
  return new PermanentError('engine', said);
}

/** Whether the server refuses the form in which the answer was asked for, rather than the sound. */
export function refusesForm({ status, body }: Pick<OpenAiRefusal, 'status' | 'body'>): boolean {
  if (status !== 400 && status !== 422) return false;
  const { param } = detailsOf(body);
  // One that does not say what it minds may mind this.
  return param === undefined || /^(response_format|timestamp_granularities)/.test(param);
}

/** What it means that no answer came at all. */
export function openAiConnectionFailure(error: unknown): AppError {
  const code = codeOf(error);
  const said = `the transcription server cannot be reached${code === undefined ? '' : ` (${code})`}`;
  if (code !== undefined && TLS_CODES.test(code)) {
    return new SetupError(said, 'The certificate of GRAMSCRIBE_OPENAI_URL is not trusted: NODE_EXTRA_CA_CERTS names one of your own');
  }
  return new RetryableError(said, AWAY_RETRY_MS);
}

function detailsOf(body: string): { code?: string; param?: string; type?: string } {
  const parsed = refusalShape.safeParse(asJson(body)).data?.error;
  // Such as `rate_limit_exceeded` or `503`; anything else may be made of what was sent.
  const [code] = /^([a-z_]{3,60}|\d{1,5})$/.exec(String(parsed?.code ?? '')) ?? [];
  return {
    ...(code !== undefined && { code }),
    ...(typeof parsed?.param === 'string' && { param: parsed.param }),
    ...(typeof parsed?.type === 'string' && { type: parsed.type }),
  };
}

function asJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    // An error page of something between us and the server: the status says all there is to know.
    return undefined;
  }
}

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(Math.round(ms), 0), MAX_RETRY_AFTER_MS);
}

/** The first code in the chain of causes: `fetch failed` says nothing by itself. */
function codeOf(error: unknown): string | undefined {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 5; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current.cause;
  }
  return undefined;
}
