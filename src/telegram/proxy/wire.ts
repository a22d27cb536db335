import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** A way to one data centre that was dialled: what is written reaches Telegram, what Telegram sends can be read. */
export interface Wire {
  /** The connection that carries it; destroying it ends everything. */
  socket: Socket;
  input: Readable;
  output: Writable;
  /** How packets are told apart (https://core.telegram.org/mtproto/mtproto-transports): MTProxy does not carry `full`. */
  transport: 'full' | 'padded';
}

/** Where a data centre is. An MTProxy goes by the number alone. */
export interface Target {
  dcId: number;
  host: string;
  port: number;
}

const KEEP_ALIVE_MS = 15_000;

/** A socket that is being connected: no delay, kept alive. Its errors are told by `connected`, and later by its end. */
export function openSocket({ host, port }: { host: string; port: number }): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
  socket.on('error', () => socket.destroy());
  return socket;
}

/** Resolves when the socket is connected; rejects with its error. Never settles where it is destroyed before. */
export async function connected(socket: Socket): Promise<void> {
  await once(socket, 'connect');
}
