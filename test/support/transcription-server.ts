import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createNetServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { requireEngine, testModels } from './engine.js';

/** What a transcription server was asked, as far as tests look at it. */
export interface AskedTranscription {
  path: string;
  authorization: string | undefined;
  /** The fields of the form but the file. */
  fields: Record<string, string[]>;
  fileBytes: number;
}

export type TranscriptionAnswer = (asked: AskedTranscription, response: ServerResponse, request: IncomingMessage) => void | Promise<void>;

export interface TranscriptionServer {
  url: string;
  asked: AskedTranscription[];
  /** Cuts all connections, as a server does that is killed. */
  cut(): void;
}

/** An HTTP server of the test's own on loopback; each request gets the next answer, the last one again and again. */
export async function transcriptionServer(...answers: [TranscriptionAnswer, ...TranscriptionAnswer[]]): Promise<TranscriptionServer> {
  const asked: AskedTranscription[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const body = await bodyOf(request).catch(() => undefined);
      if (body === undefined) return;
      // Deprecated for servers of strangers: it keeps all in memory.
      // eslint-disable-next-line @typescript-eslint/no-deprecated
      const form = await new Response(body, { headers: { 'content-type': request.headers['content-type'] ?? '' } }).formData();
      const fields: Record<string, string[]> = {};
      let fileBytes = 0;
      for (const [name, value] of form) {
        if (typeof value === 'string') (fields[name] ??= []).push(value);
        else fileBytes += value.size;
      }
      asked.push({ path: request.url ?? '', authorization: request.headers.authorization, fields, fileBytes });
      const answer = answers[Math.min(asked.length, answers.length) - 1];
      await answer?.(asked.at(-1)!, response, Object.assign(request, { whole: body }));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, cut: () => server.closeAllConnections() };
}

/** Answers with JSON, as OpenAI does. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): TranscriptionAnswer {
  return (_asked, response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** OpenAI's shape of an error. */
export function refusal(status: number, error: { code?: string | null; param?: string | null; type?: string; message?: string }, headers?: Record<string, string>): TranscriptionAnswer {
  return json(status, { error: { message: 'no', type: 'invalid_request_error', param: null, code: null, ...error } }, headers);
}

/** whisper.cpp's own server with the bundled model, at the path where OpenAI's API has transcriptions. */
export async function whisperTranscriptions(ctx: TestContext): Promise<TranscriptionAnswer> {
  const { serverPath } = requireEngine(ctx);
  const port = await freePort();
  const child = spawn(
    serverPath,
    [
      ...['--model', join(testModels, 'ggml-nano.bin'), '--host', '127.0.0.1', '--port', String(port), '--threads', '2'],
      ...['--inference-path', '/v1/audio/transcriptions', '--language', 'auto', '--public', '/dev/null', '--no-language-probabilities'],
    ],
    { stdio: 'ignore' },
  );
  const gone = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  await listening(port, () => child.exitCode === null);
  return (_asked, response, incoming) => {
    const { whole } = incoming as IncomingMessage & { whole: Buffer };
    const onward = httpRequest(
      { host: '127.0.0.1', port, path: incoming.url, method: 'POST', headers: { 'content-type': incoming.headers['content-type'], 'content-length': whole.length }, agent: false },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, { 'content-type': answer.headers['content-type'] ?? 'application/json' });
        answer.pipe(response);
      },
    );
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    onward.end(whole);
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function freePort(): Promise<number> {
  const probe = createNetServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** whisper-server listens before it has its model, and answers 503 until then; so it is its health that is asked for. */
async function listening(port: number, isAlive: () => boolean): Promise<void> {
  while (isAlive()) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        const asked = httpRequest({ host: '127.0.0.1', port, path: '/health', agent: false }, (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        });
        asked.once('error', () => resolve(false));
        asked.end();
        socket.destroy();
      });
      socket.once('error', () => resolve(false));
    });
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('whisper-server did not start');
}
