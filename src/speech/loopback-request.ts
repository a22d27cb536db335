import { request } from 'node:http';
import { RetryableError } from '../errors.js';

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

export interface LoopbackRequest {
  port: number;
  path: string;
  /** Fields of a multipart form to POST; without them it is a GET. */
  form?: FormField[];
}

export interface FormField {
  name: string;
  value: string | Buffer;
  filename?: string;
}

export interface LoopbackAnswer {
  status: number;
  body: string;
}

/**
 * One HTTP request to a program on this machine, on a connection of its own that is closed when the signal is aborted (the
 * program sees that and can stop). No limit on the time to the first byte, unlike `fetch` (5 minutes): the signal is the
 * limit. Rejects with the signal's reason, or with whatever went wrong with the connection.
 */
export function loopbackRequest(asked: LoopbackRequest, signal: AbortSignal): Promise<LoopbackAnswer> {
  const body = asked.form && encodeForm(asked.form);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => reject((signal.aborted ? signal.reason : error) as Error);
    const outgoing = request({
      host: '127.0.0.1',
      port: asked.port,
      path: asked.path,
      method: body === undefined ? 'GET' : 'POST',
      headers: body === undefined ? {} : { 'content-type': body.type, 'content-length': body.bytes.length },
      agent: false,
      signal,
    });
    outgoing.once('error', fail);
    outgoing.once('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        chunks.push(chunk);
        if (size > MAX_ANSWER_BYTES) incoming.destroy(new RetryableError('the answer does not end'));
      });
      incoming.once('error', fail);
      incoming.once('end', () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    outgoing.end(body?.bytes);
  });
}

/** multipart/form-data (RFC 7578). Names and values are our own, so nothing needs to be escaped. */
function encodeForm(fields: readonly FormField[]): { type: string; bytes: Buffer } {
  const boundary = `gramscribe-${crypto.randomUUID()}`;
  const parts = fields.flatMap(({ name, value, filename }) => {
    const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: application/octet-stream`;
    return [`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n`, value, '\r\n'];
  });
  const pieces = [...parts, `--${boundary}--\r\n`];
  const bytes = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
  return { type: `multipart/form-data; boundary=${boundary}`, bytes };
}
