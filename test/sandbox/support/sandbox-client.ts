import { createPublicKey, createHash } from 'node:crypto';
import { Api, TelegramClient } from 'telegram';
import { _serverKeys } from 'telegram/crypto/RSA.js';
import { LogLevel, Logger } from 'telegram/extensions/Logger.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { ConnectionTCPFull } from 'telegram/network/index.js';
import { StringSession } from 'telegram/sessions/index.js';
import type { UserRef } from '../../../src/sandbox/control/scenario.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { tlBytes } from '../../../src/sandbox/mtproto/tl-writer.js';

/** The unmodified client library with the sandbox in Telegram's place; each data centre is reached by its number. */
export function sandboxClient(sandbox: Sandbox, session = ''): TelegramClient {
  trustOnlySandbox(sandbox.publicKeyPem);
  class LoopbackConnection extends ConnectionTCPFull {
    constructor(parameters: ConstructorParameters<typeof ConnectionTCPFull>[0]) {
      super({ ...parameters, ip: '127.0.0.1', port: sandbox.portOf(parameters.dcId) });
    }
  }
  return new TelegramClient(new StringSession(session), 1, 'hash', {
    connectionRetries: Infinity,
    retryDelay: 100,
    floodSleepThreshold: 0,
    connection: LoopbackConnection,
    baseLogger: new Logger(LogLevel.NONE),
    securityChecks: true,
  });
}

/** Clients of one test file; all are closed by `closeAll`, also the connections that the library forgets. */
export class SandboxClients {
  private readonly clients: TelegramClient[] = [];

  constructor(private readonly sandbox: () => Sandbox) {}

  /** Signed in as this user, and listening. */
  async connectAs(user: UserRef): Promise<TelegramClient> {
    const client = await this.connect(this.sandbox().stringSession(user));
    await client.invoke(new Api.updates.GetState());
    return client;
  }

  /** Without a session: on a key that nobody is signed in on. */
  async connect(session = this.sandbox().emptySession()): Promise<TelegramClient> {
    const client = sandboxClient(this.sandbox(), session);
    this.clients.push(client);
    await client.connect();
    return client;
  }

  async closeAll(): Promise<void> {
    for (const client of this.clients.splice(0)) {
      // GramJS leaves these open for half a minute; teleproto has none.
      const { _exportedSenderPromises: senders } = client as unknown as {
        _exportedSenderPromises?: Map<number, Promise<{ disconnect(): unknown }>>;
      };
      await client.destroy();
      for (const sender of senders?.values() ?? []) await (await sender).disconnect();
    }
  }
}

/** Collects the updates that the client is sent, and waits for one. */
export class UpdateInbox {
  readonly updates: (Api.TypeUpdate | Api.TypeUpdates)[] = [];
  private readonly waiting = new Set<() => void>();

  constructor(client: TelegramClient) {
    client.addEventHandler((update: Api.TypeUpdate | Api.TypeUpdates) => {
      this.updates.push(update);
      for (const check of [...this.waiting]) check();
    });
  }

  next<T extends Api.TypeUpdate | Api.TypeUpdates>(type: abstract new (...args: never[]) => T, accept: (update: T) => boolean = () => true) {
    return new Promise<T>((resolve) => {
      const check = () => {
        const found = this.updates.find((update): update is T => update instanceof type && accept(update));
        if (!found) return;
        this.waiting.delete(check);
        resolve(found);
      };
      this.waiting.add(check);
      check();
    });
  }
}

function trustOnlySandbox(pem: string): void {
  const jwk = createPublicKey(pem).export({ format: 'jwk' });
  const n = Buffer.from(jwk.n ?? '', 'base64url');
  const e = Buffer.from(jwk.e ?? '', 'base64url');
  const fingerprint = createHash('sha1').update(tlBytes(n)).update(tlBytes(e)).digest().readBigInt64LE(12);
  _serverKeys.clear();
  _serverKeys.set(fingerprint.toString(), { n: returnBigInt(BigInt(`0x${n.toString('hex')}`)), e: e.readUIntBE(0, e.length) });
}
