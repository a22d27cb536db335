import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorText, PermanentError, RetryableError, SetupError } from '../../src/errors.js';
import { OpenAiEngine, transcriptionAddress, type OpenAiEngineOptions } from '../../src/speech/openai-engine.js';
import { silent } from '../support/engine.js';
import { json, refusal, transcriptionServer, whisperTranscriptions, type TranscriptionAnswer } from '../support/transcription-server.js';
import { testFolder } from '../support/workspace.js';
import { describeEngine } from './engine-conformance.js';

const never = new AbortController().signal;
const second = { pcm: { samples: new Int16Array(16_000) }, language: 'en' };
const KEY = 'sk-not-for-anybodys-eyes';

function engineAt(url: string, options: Partial<OpenAiEngineOptions> = {}): OpenAiEngine {
  const engine = new OpenAiEngine({ address: transcriptionAddress(url), key: KEY, model: 'whisper-1', log: silent, ...options });
  onTestFinished(() => engine.stop());
  return engine;
}

async function answering(...answers: [TranscriptionAnswer, ...TranscriptionAnswer[]]) {
  const server = await transcriptionServer(...answers);
  return { server, engine: engineAt(server.url) };
}

describeEngine('OpenAiEngine', {
  clips: 3,
  lengths: [0, 1, 1600, 12_345, 480_000],
  create: async (ctx) => {
    const whisper = await whisperTranscriptions(ctx);
    let onHeld: (() => void) | undefined;
    const server = await transcriptionServer((asked, response, request) => {
      if (onHeld === undefined) return whisper(asked, response, request);
      // Held: nothing is answered until the connection is gone.
      onHeld();
      onHeld = undefined;
      return undefined;
    });
    return { engine: engineAt(server.url), hold: () => new Promise<void>((resolve) => (onHeld = resolve)), kill: () => server.cut() };
  },
  createBroken: async () => (await answering(refusal(404, { code: null }))).engine,
});

/** As OpenAI's whisper-1 answers: an English name for the language, words without punctuation, seconds. */
const VERBOSE = {
  task: 'transcribe',
  language: 'english',
  duration: 3.1,
  text: 'Hello, world. It’s fine!',
  segments: [
    { id: 0, seek: 0, start: 0, end: 1.2, text: ' Hello, world.', tokens: [1], temperature: 0, avg_logprob: -0.21, compression_ratio: 0.8, no_speech_prob: 0.01 },
    { id: 1, seek: 0, start: 1.2, end: 99, text: ' It’s fine!', tokens: [2], temperature: 0, avg_logprob: -0.4, compression_ratio: 0.8, no_speech_prob: 0.02 },
  ],
  words: [
    { word: 'Hello', start: 0.1, end: 0.5 },
    { word: 'world', start: 0.6, end: 1.1 },
    { word: 'It', start: 1.3, end: 1.4 },
    { word: 's', start: 1.4, end: 1.5 },
    { word: 'fine', start: 1.6, end: 99 },
  ],
};
const threeSeconds = { pcm: { samples: new Int16Array(3 * 16_000) }, language: 'auto' };

describe('OpenAiEngine', () => {
  it('asks as the API is described: key, model, the richest form, language and prompt where there are any', async () => {
    const { server, engine } = await answering(json(200, VERBOSE));
    await engine.transcribe({ ...second, language: 'ru', prompt: 'Gramscribe', temperature: 0.4 }, never);
    await engine.transcribe(threeSeconds, never);
    expect(server.asked.map(({ path, authorization }) => [path, authorization])).toEqual(
      [1, 2].map(() => ['/v1/audio/transcriptions', `Bearer ${KEY}`]),
    );
    expect(server.asked[0]!.fields).toEqual({
      model: ['whisper-1'],
      response_format: ['verbose_json'],
      'timestamp_granularities[]': ['segment', 'word'],
      language: ['ru'],
      prompt: ['Gramscribe'],
      temperature: ['0.4'],
    });
    expect(server.asked[0]!.fileBytes).toBe(44 + 32_000);
    expect(server.asked[1]!.fields).not.toHaveProperty('language');
  });

  it('reads what whisper-1 answers: words get the punctuation of their text, times stay inside the sound', async () => {
    const { engine } = await answering(json(200, VERBOSE));
    const result = await engine.transcribe(threeSeconds, never);
    expect(result.language).toBe('en');
    expect(result.segments).toEqual([
      {
        startMs: 0, endMs: 1200, text: 'Hello, world.', avgLogProbability: -0.21, noSpeechProbability: 0.01,
        words: [{ text: 'Hello,', startMs: 100, endMs: 500 }, { text: 'world.', startMs: 600, endMs: 1100 }],
      },
      {
        startMs: 1200, endMs: 3000, text: 'It’s fine!', avgLogProbability: -0.4, noSpeechProbability: 0.02,
        words: [{ text: 'It’s', startMs: 1300, endMs: 1500 }, { text: 'fine!', startMs: 1600, endMs: 3000 }],
      },
    ]);
  });

  it('gives no words where those of the server are not those of the text', async () => {
    const { engine } = await answering(json(200, { ...VERBOSE, words: [{ word: 'Goodbye', start: 0, end: 1 }] }));
    const { segments } = await engine.transcribe(threeSeconds, never);
    expect(segments.map(({ words }) => words)).toEqual([[], []]);
  });

  it('asks for less where a model gives no more, as those of the gpt family, and remembers it', async () => {
    const minds = refusal(400, { param: 'response_format', code: 'unsupported_value', message: `'verbose_json' is not compatible` });
    const { server, engine } = await answering(minds, minds, json(200, { text: 'Hello, world.', usage: { type: 'tokens', total_tokens: 9 } }));
    expect(engine.abilities).toMatchObject({ wordTimes: true, languageDetection: true });
    const first = await engine.transcribe(threeSeconds, never);
    expect(first).toEqual({ segments: [{ startMs: 0, endMs: 3000, text: 'Hello, world.', words: [] }], language: 'auto' });
    await engine.transcribe(threeSeconds, never);
    expect(server.asked.map(({ fields }) => fields.response_format?.[0])).toEqual(['verbose_json', 'verbose_json', 'json', 'json']);
    expect(engine.abilities).toMatchObject({ wordTimes: false, probabilities: false, languageDetection: false });
  });

  it('does not take a refusal of the sound for one of the form', async () => {
    const { server, engine } = await answering(refusal(400, { param: 'file', code: 'invalid_value' }));
    await expect(engine.transcribe(second, never)).rejects.toBeInstanceOf(PermanentError);
    expect(server.asked).toHaveLength(1);
    expect(engine.abilities.wordTimes).toBe(true);
  });

  it('takes an answer in plain text', async () => {
    const { engine } = await answering((_asked, response) => void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(' Добрый\nдень \n'));
    const { segments } = await engine.transcribe(second, never);
    expect(segments.map(({ text }) => text)).toEqual(['Добрый день']);
  });

  it('says what each refusal means for the voice and for the owner', async () => {
    const cases: [TranscriptionAnswer, new (...args: never[]) => Error, RegExp][] = [
      [refusal(401, { code: 'invalid_api_key' }), SetupError, /GRAMSCRIBE_OPENAI_KEY/],
      [refusal(403, { code: 'unsupported_country_region_territory' }), SetupError, /GRAMSCRIBE_OPENAI_KEY/],
      [refusal(402, {}), SetupError, /credit/],
      [refusal(429, { code: 'insufficient_quota', type: 'insufficient_quota' }), SetupError, /credit/],
      [refusal(429, { code: 'credit_balance_exhausted', type: 'insufficient_quota' }), SetupError, /credit/],
      [refusal(404, { code: 'model_not_found' }), SetupError, /GRAMSCRIBE_OPENAI_MODEL/],
      [refusal(404, {}), SetupError, /GRAMSCRIBE_OPENAI_URL/],
      [(_asked, response) => void response.writeHead(302, { location: 'https://elsewhere.example/' }).end(), SetupError, /GRAMSCRIBE_OPENAI_URL/],
      [(_asked, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'), SetupError, /GRAMSCRIBE_OPENAI_URL/],
      [json(200, { choices: [] }), SetupError, /GRAMSCRIBE_OPENAI_URL/],
      [refusal(413, {}), PermanentError, /^$/],
      [refusal(415, { param: 'file' }), PermanentError, /^$/],
      [refusal(500, { type: 'server_error' }), RetryableError, /^$/],
      [(_asked, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'), RetryableError, /^$/],
      [refusal(429, { code: 'rate_limit_exceeded' }), RetryableError, /^$/],
    ];
    for (const [answer, kind, remedy] of cases) {
      const { engine } = await answering(answer);
      const error: unknown = await engine.transcribe(second, never).catch((thrown: unknown) => thrown);
      expect(error, errorText(error)).toBeInstanceOf(kind);
      expect(error instanceof SetupError ? error.remedy : '').toMatch(remedy);
      expect((await engine.trouble()) !== undefined).toBe(kind === SetupError);
      await engine.stop();
    }
  });

  it('waits as long as the server says, in seconds or until a date', async () => {
    const { engine } = await answering(
      refusal(429, { code: 'rate_limit_exceeded' }, { 'retry-after': '17' }),
      refusal(429, { code: 'rate_limit_exceeded' }, { 'retry-after': new Date(Date.now() + 90_000).toUTCString() }),
    );
    const waits: number[] = [];
    for (let count = 0; count < 2; count += 1) {
      const error: unknown = await engine.transcribe(second, never).catch((thrown: unknown) => thrown);
      waits.push((error as RetryableError).retryAfterMs!);
    }
    expect(waits[0]).toBe(17_000);
    expect(waits[1]).toBeGreaterThan(30_000);
    expect(waits[1]).toBeLessThanOrEqual(90_000);
  });

  it('counts a server that is away as a wait, not as a failure of the voice', async () => {
    const { server, engine } = await answering((_asked, response) => void response.destroy());
    await expect(engine.transcribe(second, never)).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: expect.any(Number) as number });
    await expect(engineAt('http://127.0.0.1:1').transcribe(second, never)).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: expect.any(Number) as number });
    expect(server.asked).toHaveLength(1);
  });

  it('gives up on a server that does not answer, and on an answer that does not end', async () => {
    const stalls = await transcriptionServer((_asked, response) => void response.writeHead(200).write('{"text":'));
    const engine = engineAt(stalls.url, { deadlineBaseMs: 150, deadlinePerAudioMs: 0 });
    await expect(engine.transcribe(second, never)).rejects.toThrow('no answer in 150 ms');
    const floods = await transcriptionServer((_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1 << 20)));
        response.once('drain', more);
      };
      more();
    });
    await expect(engineAt(floods.url).transcribe(second, never)).rejects.toThrow('does not end');
  });

  it('does not trust a certificate that nobody vouches for', async (ctx) => {
    const folder = await testFolder();
    const [keyFile, certFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1', '-keyout', keyFile, '-out', certFile]).catch(() =>
      ctx.skip('openssl is not on this machine'),
    );
    const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (_request, response) => response.end('{}'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const error: unknown = await engineAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`).transcribe(second, never).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SetupError);
    expect((error as SetupError).remedy).toContain('GRAMSCRIBE_OPENAI_URL');
  });

  it('lets the key appear in no log line and no error, even where a server repeats it', async () => {
    let logged = '';
    const log = pino(
      { level: 'trace' },
      new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          logged += chunk.toString();
          done();
        },
      }),
    );
    const repeats: TranscriptionAnswer = (asked, response, request) => refusal(401, { code: asked.authorization ?? '', message: `Incorrect API key provided: ${KEY}` })(asked, response, request);
    const server = await transcriptionServer(refusal(400, { param: 'response_format' }), json(200, { text: KEY }), repeats, (_asked, response) => void response.destroy());
    const engine = engineAt(server.url, { log });
    await engine.transcribe(second, never);
    for (let count = 0; count < 2; count += 1) {
      const error: unknown = await engine.transcribe(second, never).catch((thrown: unknown) => thrown);
      log.warn({ err: error }, errorText(error));
    }
    expect(logged).toContain('the transcription server gives less');
    expect(logged).not.toContain(KEY);
  });
});

describe('transcriptionAddress', () => {
  it('takes the server, the base of its API, or the address itself', () => {
    const wanted = 'https://api.openai.com/v1/audio/transcriptions';
    for (const given of ['https://api.openai.com', 'https://api.openai.com/', 'https://api.openai.com/v1', 'https://api.openai.com/v1/', wanted]) {
      expect(transcriptionAddress(given), given).toBe(wanted);
    }
    expect(transcriptionAddress('http://nas:9000/openai/v1?api-version=2')).toBe('http://nas:9000/openai/v1/audio/transcriptions?api-version=2');
  });
});
