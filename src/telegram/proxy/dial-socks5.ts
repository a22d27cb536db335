import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { errorText, RetryableError } from '../../errors.js';
import type { Socks5Server } from './proxy-server.js';
import type { Target, Wire } from './wire.js';
import { connected } from './wire.js';

/** Longer than any dial is waited for: its caller ends it by destroying the socket. */
const NEVER_MS = 3_600_000;

/** Has a SOCKS5 server (RFC 1928, RFC 1929) connect to the target, on a socket to it. */
export async function dialSocks5(socket: Socket, { credentials, host, port }: Socks5Server, target: Target): Promise<Wire> {
  await connected(socket);
  try {
    await SocksClient.createConnection({
      proxy: { host, port, type: 5, ...(credentials && { userId: credentials.username, password: credentials.password }) },
      command: 'connect',
      destination: { host: target.host, port: target.port },
      existing_socket: socket,
      timeout: NEVER_MS,
    });
  } catch (error) {
    // Only its words are kept: the library's error carries the options, and with them the password.
    throw new RetryableError(errorText(error));
  }
  // The library resumes the socket a moment later; what arrives before somebody reads would be lost without a listener.
  socket.on('readable', () => undefined);
  return { socket, input: socket, output: socket, transport: 'full' };
}
