import { TelegramClient } from 'telegram';
import { AuthKey } from 'telegram/crypto/AuthKey.js';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { LogLevel, Logger } from 'telegram/extensions/Logger.js';
import { PromisedNetSockets } from 'telegram/extensions/PromisedNetSockets.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { StringSession } from 'telegram/sessions/index.js';
import type { RsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';

export interface LibraryClientOptions {
  rsa: RsaKeyPair;
  port: number;
  dcId: number;
  /** A key that the data centre knows; without it a handshake makes one. */
  authKey?: Buffer;
  connection?: ConstructorParameters<typeof TelegramClient>[3]['connection'];
}

/** The unmodified client library, pointed at loopback. */
export async function libraryClient(options: LibraryClientOptions): Promise<TelegramClient> {
  const { rsa, port, dcId } = options;
  _serverKeys.clear();
  _serverKeys.set(rsa.fingerprint.toString(), { n: returnBigInt(rsa.modulus), e: Number(rsa.exponent) });
  class LoopbackSocket extends PromisedNetSockets {
    override connect(): Promise<unknown> {
      return super.connect(port, '127.0.0.1');
    }
  }
  const session = new StringSession('');
  session.setDC(dcId, '127.0.0.1', port);
  if (options.authKey) {
    const authKey = new AuthKey();
    await authKey.setKey(options.authKey);
    session.setAuthKey(authKey);
  }
  return new TelegramClient(session, 1, 'hash', {
    connectionRetries: Infinity,
    retryDelay: 100,
    networkSocket: LoopbackSocket,
    baseLogger: new Logger(LogLevel.NONE),
    securityChecks: true,
    ...(options.connection ? { connection: options.connection } : {}),
  });
}
