import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface UnrulyServer {
  url: string;
  /** The `Range` header of each request so far, `undefined` where there was none. */
  ranges: (string | undefined)[];
  /** All headers of each request so far. */
  headers: IncomingHttpHeaders[];
}

/** An HTTP server on loopback that gives the answers in turn, the last one again and again. */
export async function unrulyServer(...answers: [Answer, ...Answer[]]): Promise<UnrulyServer> {
  const ranges: (string | undefined)[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    const answer = answers[Math.min(ranges.length, answers.length - 1)];
    ranges.push(request.headers.range);
    headers.push(request.headers);
    answer?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ggml-x.bin`, ranges, headers };
}

/** Serves the file as a good server does, ranges included; with an ETag, on condition of it. */
export function serve(content: Buffer, etag?: string): Answer {
  return (request, response) => {
    const isAnother = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
    const asked = isAnother ? undefined : request.headers.range;
    const start = Number(/^bytes=(\d+)-$/.exec(asked ?? '')?.[1] ?? 0);
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const version = etag === undefined ? {} : { etag };
    const headers = { 'content-length': content.length - start, 'content-type': 'application/octet-stream', ...version };
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    if (asked === undefined) response.writeHead(200, headers);
    else response.writeHead(206, { ...headers, ...range });
    response.end(content.subarray(start));
  };
}

/** Promises the rest of the file, sends `count` bytes of it and cuts the connection. */
export function dropAfter(content: Buffer, count: number, etag?: string): Answer {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    const version = etag === undefined ? {} : { etag };
    response.writeHead(start > 0 ? 206 : 200, { 'content-length': content.length - start, ...version, ...(start > 0 ? range : {}) });
    response.write(content.subarray(start, start + count), () => response.destroy());
  };
}

/** Sends `count` bytes and then nothing more, with the connection open. */
export function stallAfter(content: Buffer, count: number): Answer {
  return (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, count));
  };
}

/** An answer with nothing but a status and headers. */
export function status(code: number, headers: Record<string, string> = {}, body = ''): Answer {
  return (_request, response) => response.writeHead(code, headers).end(body);
}
