import type { Socket } from 'node:net';
import { SocksClient } from 'socks';
import { errorText, RetryableError } from '../../errors.js';
import type { Socks5Server } from './proxy-server.js';
import type { Target, Wire } from './wire.js';
import { connected } from './wire.js';

/** The caller's deadline comes first and says so in its own words. */
const GRACE_MS = 1000;

/**
 * Has a SOCKS5 server (RFC 1928, RFC 1929) connect to the target, on a socket to it. `deadlineMs` is the caller's, who ends
 * the dial by destroying the socket: the library holds on to it for that long in any case.
 */
export async function dialSocks5(
  socket: Socket,
  { credentials, host, port }: Socks5Server,
  target: Target,
  deadlineMs: number,
): Promise<Wire> {
  await connected(socket);
  try {
    await SocksClient.createConnection({
      proxy: { host, port, type: 5, ...(credentials && { userId: credentials.username, password: credentials.password }) },
      command: 'connect',
      destination: { host: target.host, port: target.port },
      existing_socket: socket,
      timeout: deadlineMs + GRACE_MS,
    });
  } catch (error) {
    // Only its words are kept: the library's error carries the options, and with them the password.
    throw new RetryableError(errorText(error));
  }
  // The library resumes the socket a moment later; what arrives before somebody reads would be lost without a listener.
  socket.on('readable', () => undefined);
  return { socket, input: socket, output: socket, transport: 'full' };
}
