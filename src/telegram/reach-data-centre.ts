import { randomBytes } from 'node:crypto';
import { Api } from 'telegram';
import { readBigIntFromBuffer } from 'telegram/Helpers.js';
import { MTProtoPlainSender } from 'telegram/network/index.js';
import { OfflineError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { BoundedSession } from './bounded-session.js';
import type { TelegramApp } from './client-link.js';
import { Fence, fencedSocketClass } from './fence.js';
import { FIRST_DATA_CENTRE } from './first-data-centre.js';
import { guardedConnectionClass } from './guarded-connection.js';
import { LibraryLog } from './library-log.js';
import { withinLimits } from './within-limits.js';

export interface ReachOptions {
  app: Pick<TelegramApp, 'testDc' | 'ways'>;
  /** Whose data centre is asked, empty for the first one; nothing else of the session is used. */
  session: string;
  deadlineMs: number;
  log: Logger;
}

export interface Reached {
  /** What time it is there, Unix time in ms, exact to a second; undefined where it did not say. */
  serverTimeMs: number | undefined;
}

const FIRST = { dcId: FIRST_DATA_CENTRE.id, serverAddress: FIRST_DATA_CENTRE.ip };

/**
 * Resolves when the account's data centre answers; rejects with `RetryableError` where it does not, and with the signal's
 * reason. It asks for what every client begins with (req_pq_multi, without a key), on a connection of its own and by the
 * same way as everything else: a port that accepts and says nothing is told apart from Telegram.
 */
export async function reachDataCentre({ app, session, deadlineMs, log }: ReachOptions, signal: AbortSignal): Promise<Reached> {
  const fence = new Fence();
  const route = app.ways.route();
  const { dcId, serverAddress } = session === '' ? FIRST : new BoundedSession(session, () => undefined);
  let serverTimeMs: number | undefined;
  const nonce = readBigIntFromBuffer(randomBytes(16), true, true);
  try {
    const answered = new Promise<void>((resolve, reject) => {
      const Connection = guardedConnectionClass({
        testDc: app.testDc,
        onTransportError: () => resolve(),
        onPacket: (packet) => (serverTimeMs = timeInPlain(packet)),
      });
      const library = new LibraryLog(log);
      const connection = new Connection({
        ip: serverAddress,
        port: 80,
        dcId,
        loggers: library,
        socket: fencedSocketClass({
          fence,
          route,
          dialTimeoutMs: deadlineMs,
          onClosed: () => reject(new OfflineError('Telegram closed the connection without a word')),
        }),
        testServers: false,
      });
      const ask = async (): Promise<unknown> => {
        await connection.connect();
        return new MTProtoPlainSender(connection, library).send(new Api.ReqPqMulti({ nonce }));
      };
      ask().then(() => resolve(), reject);
    });
    await withinLimits(answered, { deadlineMs, what: 'a first word', signals: [signal] });
    route.worked();
    return { serverTimeMs };
  } catch (error) {
    if (!signal.aborted) route.failed(error);
    throw error;
  } finally {
    fence.close(new OfflineError('asked'));
  }
}

/** A message without a key begins with eight zero bytes and its id, whose upper half is the time in seconds. */
function timeInPlain(packet: Buffer): number | undefined {
  if (packet.length < 16 || packet.readBigUInt64LE() !== 0n) return undefined;
  return packet.readUInt32LE(12) * 1000;
}
