import { PermanentError, RetryableError, SetupError } from '../errors.js';
import { linkedAbort } from '../linked-abort.js';
import type { Logger } from '../log/logger.js';
import { pcmDurationMs } from '../media/pcm.js';
import { encodeWav } from '../media/wav.js';
import { sharedAbort } from '../shared-abort.js';
import { EngineRecord } from './engine-record.js';
import type { Engine, EngineAbilities, EngineRequest, EngineResult } from './engine.js';
import { requireLanguageChoice } from './languages.js';
import { openAiResult, parseOpenAiAnswer } from './openai-answer.js';
import { openAiConnectionFailure, openAiFailure, refusesForm } from './openai-failure.js';
import { padded } from './padded.js';

export interface OpenAiEngineOptions {
  /** Where transcriptions are asked for, see `transcriptionAddress`. */
  address: string;
  /** Sent as a bearer token; never logged, never part of an error. */
  key?: string;
  model: string;
  /** A request that takes longer than this plus `deadlinePerAudioMs` for each ms of sound is given up. */
  deadlineBaseMs?: number;
  deadlinePerAudioMs?: number;
  /** How it is asked: Node's own `fetch`, or one by way of a proxy. */
  fetch?: Fetch;
  log: Logger;
}

export type Fetch = (address: string, init: RequestInit) => Promise<Response>;

/** In what form an answer may be asked for, the best first. The models of the gpt family give plain text alone. */
const FORMS = [
  { response_format: 'verbose_json', granularities: ['segment', 'word'] },
  { response_format: 'verbose_json', granularities: [] },
  { response_format: 'json', granularities: [] },
] as const;

const MAX_ANSWER_CHARS = 16 * 1024 * 1024;
/** OpenAI refuses what is shorter than 100 ms, whisper.cpp behind the same API hears nothing in it. */
const SHORTEST_SOUND_MS = 200;

/**
 * Any server with OpenAI's transcription API: theirs, or whisper.cpp's, faster-whisper's, vLLM's on a machine of one's own.
 * The sound leaves this machine for it. Requests go out as they come; each has a deadline. What the server can give (words,
 * segments, plain text) is found out by asking for the most first, and kept.
 */
export class OpenAiEngine implements Engine {
  readonly name = 'openai';
  private readonly life = sharedAbort();
  private readonly record = new EngineRecord(() => performance.now());
  private readonly running = new Set<Promise<unknown>>();
  private form = 0;
  private blocked: string | undefined;

  constructor(private readonly options: OpenAiEngineOptions) {}

  get model(): string {
    return this.options.model;
  }

  get abilities(): EngineAbilities {
    const isVerbose = this.form < FORMS.length - 1;
    return {
      wordTimes: this.form === 0,
      probabilities: isVerbose,
      languageDetection: isVerbose,
      languageProbabilities: false,
      prompt: true,
      temperature: true,
      thorough: false,
    };
  }

  /** There is nothing to load. */
  get loaded(): boolean {
    return !this.life.signal.aborted;
  }

  trouble(): Promise<string | undefined> {
    return Promise.resolve(this.blocked ?? this.record.trouble);
  }

  async transcribe(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    requireLanguageChoice(request.language);
    const { signal: bound, unlink } = linkedAbort(signal, this.life.signal);
    const work = this.recorded(request, bound);
    this.running.add(work);
    try {
      return await work;
    } finally {
      this.running.delete(work);
      unlink();
    }
  }

  /** The model is the owner's setting, because it has a price: any other is refused. */
  useModel(model: string): Promise<void> {
    if (model === this.model) return Promise.resolve();
    return Promise.reject(
      new SetupError(`the engine openai uses the model ${this.model}`, 'GRAMSCRIBE_OPENAI_MODEL names its model'),
    );
  }

  async stop(): Promise<void> {
    this.life.abort(new RetryableError('the engine has been stopped'));
    await Promise.allSettled(this.running);
  }

  private async recorded(request: EngineRequest, signal: AbortSignal): Promise<EngineResult> {
    signal.throwIfAborted();
    const durationMs = pcmDurationMs(request.pcm);
    if (durationMs === 0) return { segments: [], language: request.language };
    try {
      const result = await this.hear(request, durationMs, signal);
      this.record.answered();
      this.blocked = undefined;
      return result;
    } catch (error) {
      if (error instanceof SetupError) this.blocked = error.message;
      else if (error instanceof PermanentError) this.record.answered();
      else if (!signal.aborted) this.record.failed();
      throw error;
    }
  }

  /** Asks in the best form that the server is known to take, and in the next one where it minds the form. */
  private async hear(request: EngineRequest, durationMs: number, signal: AbortSignal): Promise<EngineResult> {
    for (let form = this.form; ; form += 1) {
      const answer = await this.ask(request, form, { durationMs, signal });
      const isLast = form === FORMS.length - 1;
      if (answer.status !== 200) {
        if (!isLast && refusesForm(answer)) continue;
        throw openAiFailure(answer, Date.now());
      }
      const given = answer.isText ? { text: answer.body } : parseOpenAiAnswer(answer.body);
      if (given === undefined) {
        throw new SetupError(
          'what answers is no transcription server: its answer is not of the API',
          'Set GRAMSCRIBE_OPENAI_URL to the address of an OpenAI API, such as https://api.openai.com/v1',
        );
      }
      this.keepForm(form);
      return openAiResult(given, { language: request.language, durationMs });
    }
  }

  private keepForm(form: number): void {
    if (form === this.form) return;
    this.form = form;
    const { response_format: format, granularities } = FORMS[form] ?? FORMS[0];
    this.options.log.info({ model: this.model, format, granularities }, 'the transcription server gives less than was asked for');
  }

  private async ask(
    request: EngineRequest,
    form: number,
    { durationMs, signal }: { durationMs: number; signal: AbortSignal },
  ): Promise<{ status: number; retryAfter: string | null; body: string; isText: boolean }> {
    signal.throwIfAborted();
    const { address, key, deadlineBaseMs = 60_000, deadlinePerAudioMs = 20, fetch: send = fetch } = this.options;
    const limitMs = Math.round(deadlineBaseMs + deadlinePerAudioMs * durationMs);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), limitMs);
    const { signal: bound, unlink } = linkedAbort(signal, late.signal);
    try {
      const { type, bytes } = await encoded(formOf(request, this.model, form));
      const headers = { 'content-type': type, accept: 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) };
      // A redirect would take sound and key to somewhere the owner did not name.
      const response = await send(address, { method: 'POST', headers, body: bytes, redirect: 'manual', signal: bound });
      const contentType = response.headers.get('content-type') ?? '';
      return {
        status: response.status,
        retryAfter: response.headers.get('retry-after'),
        body: await textOf(response),
        isText: /^text\/plain\b/.test(contentType),
      };
    } catch (error) {
      signal.throwIfAborted();
      if (late.signal.aborted) throw new RetryableError(`the transcription server gave no answer in ${limitMs} ms`);
      if (error instanceof RetryableError) throw error;
      throw openAiConnectionFailure(error);
    } finally {
      clearTimeout(timer);
      unlink();
    }
  }
}

/**
 * Where a server's transcriptions are, from what an owner may have written: the server alone, the base of its API
 * (`https://api.openai.com/v1`, as OpenAI's own libraries take it), or the address itself.
 */
export function transcriptionAddress(given: string): string {
  const url = new URL(given);
  const path = url.pathname.replace(/\/+$/, '');
  if (path === '') url.pathname = '/v1/audio/transcriptions';
  else if (!path.endsWith('/audio/transcriptions')) url.pathname = `${path}/audio/transcriptions`;
  return url.href;
}

/** Whether the host of an address is this machine, so that nothing leaves it. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function formOf({ pcm, language, prompt, temperature }: EngineRequest, model: string, form: number): FormData {
  const { response_format: format, granularities } = FORMS[form] ?? FORMS[0];
  const data = new FormData();
  data.append('model', model);
  data.append('response_format', format);
  for (const each of granularities) data.append('timestamp_granularities[]', each);
  if (language !== 'auto') data.append('language', language);
  if (prompt !== undefined && prompt !== '') data.append('prompt', prompt);
  if (temperature !== undefined) data.append('temperature', String(temperature));
  data.append('file', new Blob([encodeWav(padded(pcm, SHORTEST_SOUND_MS))], { type: 'audio/wav' }), 'window.wav');
  return data;
}

/** As bytes, because another `fetch` than Node's does not know Node's `FormData`. */
async function encoded(form: FormData): Promise<{ type: string; bytes: Buffer }> {
  const whole = new Response(form);
  return { type: whole.headers.get('content-type') ?? '', bytes: Buffer.from(await whole.arrayBuffer()) };
}

async function textOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > MAX_ANSWER_CHARS) throw new RetryableError('the answer of the transcription server does not end');
  }
  return text + decoder.decode();
}
