import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { RetryableError } from '../../errors.js';
import { clientHello, HELLO_RANDOM_AT, HELLO_RANDOM_BYTES } from './client-hello.js';
import { CHANGE_CIPHER_SPEC, RECORD_HEAD_BYTES } from './fake-tls-records.js';
import { readExactly } from './read-exactly.js';

export interface FakeTlsOptions {
  key: Buffer;
  domain: string;
  /** Unix time, ms. */
  nowMs?: () => number;
}

const HANDSHAKE = 0x16;
const APPLICATION_DATA = 0x17;

/**
 * The opening of a connection that looks like TLS. The client's random is its hello signed with the secret, with the time
 * in its last four bytes; the server's is its whole answer, signed with the secret behind the client's random. A server
 * that does not know the secret (or a clock that is minutes off) is found out here: it answers as a web server does.
 */
export async function fakeTlsHandshake(socket: Socket, { key, domain, nowMs = Date.now }: FakeTlsOptions): Promise<void> {
  const hello = clientHello(domain);
  const random = createHmac('sha256', key).update(hello).digest();
  random.writeInt32LE(random.readInt32LE(28) ^ Math.floor(nowMs() / 1000), 28);
  random.copy(hello, HELLO_RANDOM_AT);
  socket.write(hello);

  const serverHello = await readRecord(socket, HANDSHAKE);
  const changeCipher = await readExactly(socket, CHANGE_CIPHER_SPEC.length);
  if (!changeCipher.equals(CHANGE_CIPHER_SPEC)) throw refused();
  const answer = Buffer.concat([serverHello, changeCipher, await readRecord(socket, APPLICATION_DATA)]);
  const signature = Buffer.from(answer.subarray(HELLO_RANDOM_AT, HELLO_RANDOM_AT + HELLO_RANDOM_BYTES));
  answer.fill(0, HELLO_RANDOM_AT, HELLO_RANDOM_AT + HELLO_RANDOM_BYTES);
  const expected = createHmac('sha256', key).update(random).update(answer).digest();
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) throw refused();
}

/** One record with its head, which has to be of that kind. */
async function readRecord(socket: Socket, kind: number): Promise<Buffer> {
  const head = await readExactly(socket, RECORD_HEAD_BYTES);
  const length = head.readUInt16BE(3);
  if (head[0] !== kind || length === 0) throw refused();
  return Buffer.concat([head, await readExactly(socket, length)]);
}

function refused(): RetryableError {
  return new RetryableError('it answers as a web server does: the secret of its link is wrong, or the clock of this machine');
}
