import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { fakeTlsHandshake } from './fake-tls-handshake.js';
import { TlsRecordReader, TlsRecordWriter } from './fake-tls-records.js';
import { obfuscate } from './obfuscation.js';
import type { MtproxyServer } from './proxy-server.js';
import type { Target, Wire } from './wire.js';
import { connected } from './wire.js';

/**
 * Begins to talk to an MTProxy, on a socket to it. Whether it takes the secret and reaches Telegram shows only in
 * Telegram's first answer, except where it pretends to be a TLS server: that answer is signed with the secret.
 */
export async function dialMtproxy(socket: Socket, { secret }: MtproxyServer, { dcId }: Target): Promise<Wire> {
  await connected(socket);
  if (secret.domain !== undefined) await fakeTlsHandshake(socket, { key: secret.key, domain: secret.domain });
  const { head, encrypt, decrypt } = obfuscate(secret.key, dcId);
  const isTls = secret.domain !== undefined;
  const writers = isTls ? [new TlsRecordWriter()] : [];
  const readers = isTls ? [new TlsRecordReader()] : [];
  (writers[0] ?? socket).write(head);
  // Whatever ends one part ends the others; that the connection is over is told by the socket's own end.
  const onEnd = (): void => void socket.destroy();
  pipeline([encrypt, ...writers, socket], onEnd);
  pipeline([socket, ...readers, decrypt], onEnd);
  return { socket, input: decrypt, output: encrypt, transport: 'padded' };
}
