import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Api } from 'telegram';
import type { RpcHandler, UpdateSink } from '../rpc.js';
import { BrokenPacket } from './broken-packet.js';
import { ClientLink } from './client-link.js';
import { Connection } from './connection.js';
import { ConnectionFaults } from './connection-faults.js';
import { packIfSmaller } from './gzip.js';
import type { DataCentreLog } from './data-centre-log.js';
import { Handshake } from './handshake.js';
import { KeyRing } from './key-ring.js';
import { MessageDispatcher } from './message-dispatcher.js';
import { readPlainMessage, writePlainMessage } from './plain-message.js';
import type { RsaKeyPair } from './rsa-key-pair.js';
import { RpcRunner } from './rpc-runner.js';
import { ServerMessageIds } from './server-message-ids.js';
import { ServiceRequests } from './service-requests.js';
import { SessionTable } from './session-table.js';

export interface DataCentreOptions {
  /** The number of the data centre, 1..5. */
  id: number;
  rsa: RsaKeyPair;
  handler: RpcHandler;
  /** Unix time, ms. */
  now: () => number;
  log: DataCentreLog;
}

/** One live TCP connection, for tests. */
export interface ConnectionInfo {
  id: number;
  /** Undefined before the first bytes have told. */
  transport: string | undefined;
  remotePort: number;
  /** The key that its last message came under, as it is on the wire (a temporary one is not replaced by its permanent). */
  authKeyId: string | undefined;
  sessionId: string | undefined;
}

const HOST = '127.0.0.1';
/** A port above this cannot be stored by the client library's StringSession (a signed 16-bit number). */
const [LOWEST_PORT, HIGHEST_PORT] = [10_000, 32_767];
const PORT_ATTEMPTS = 50;

/** A Telegram data centre on loopback: MTProto 2.0 over TCP, every transport on one port. */
export class DataCentre implements UpdateSink {
  readonly id: number;
  readonly faults: ConnectionFaults;
  private readonly keys: KeyRing;
  private readonly sessions: SessionTable;
  private readonly dispatcher: MessageDispatcher;
  private readonly links = new Set<ClientLink>();
  private server: Server | undefined;
  private port: number | undefined;
  private connectionCount = 0;

  constructor(private readonly options: DataCentreOptions) {
    this.id = options.id;
    this.faults = new ConnectionFaults({
      dropAll: (how) => this.dropAll(how),
      setListening: (on) => this.setListening(on),
      setMuted: (on) => {
        for (const link of this.links) link.connection.setMuted(on);
      },
    });
    this.keys = new KeyRing(this.serverNow);
    this.sessions = new SessionTable(this.serverNow);
    const { sessions, faults } = this;
    const state = { dcId: options.id, keys: this.keys, now: this.serverNow };
    const services = new ServiceRequests({ state, sessions, faults, forgetKey: (id) => this.forgetKey(id) });
    const rpc = new RpcRunner({ state, handler: options.handler, log: options.log });
    this.dispatcher = new MessageDispatcher({ state, sessions, services, rpc });
  }

  /** Resolves with the port that it listens on, on 127.0.0.1; without `port` a free one of 10000..32767. */
  async start(port?: number): Promise<number> {
    if (this.port !== undefined) throw new Error('the data centre has been started');
    this.port = port === undefined ? await this.listenAnywhere() : await this.listen(port);
    return this.port;
  }

  async stop(): Promise<void> {
    this.port = undefined;
    this.dropAll('rst');
    await this.closeListener();
  }

  /** To every session of the key that takes updates; one that nobody is connected to gets them when it comes back. */
  push(authKeyId: string, updates: Api.TypeUpdates): void {
    const body = packIfSmaller((updates as { getBytes(): Buffer }).getBytes());
    for (const session of this.sessionsOf(authKeyId)) {
      if (session.takesUpdates) session.send(body, { contentRelated: true, isReply: false });
    }
  }

  /** A key that needs no handshake: a client that is given it may go on at once. */
  createAuthKey(): { authKeyId: string; key: Buffer } {
    const { id, key } = this.keys.create();
    return { authKeyId: id, key };
  }

  /** From now on the key is unknown: the next message under it gets -404. Its connections stay. */
  forgetKey(authKeyId: string): void {
    for (const id of this.keys.aliasesOf(authKeyId)) this.sessions.removeKey(id);
    this.keys.forget(authKeyId);
  }

  /** Forgets the sessions of the key and cuts their connections: the next message makes a new session. */
  closeSessionsOf(authKeyId: string): void {
    const sessions = this.sessionsOf(authKeyId);
    for (const id of this.keys.aliasesOf(authKeyId)) this.sessions.removeKey(id);
    for (const link of [...this.links]) {
      if (sessions.some((session) => session.currentLink === link)) link.connection.cut('fin');
    }
  }

  connections(): ConnectionInfo[] {
    return [...this.links].map(({ connection, authKeyId, sessionId }) => ({
      id: connection.id,
      transport: connection.transport,
      remotePort: connection.remotePort,
      authKeyId,
      sessionId,
    }));
  }

  private readonly serverNow = (): number => this.options.now() + this.faults.clockSkewMs;

  private sessionsOf(authKeyId: string) {
    return this.keys.aliasesOf(authKeyId).flatMap((id) => this.sessions.ofKey(id));
  }

  private dropAll(how: 'fin' | 'rst'): void {
    for (const link of [...this.links]) link.connection.cut(how);
  }

  private async setListening(on: boolean): Promise<void> {
    if (this.port === undefined) return;
    if (on) await this.listen(this.port);
    else await this.closeListener();
  }

  private async listenAnywhere(): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.listen(randomInt(LOWEST_PORT, HIGHEST_PORT + 1));
      } catch (error) {
        if (attempt === PORT_ATTEMPTS || !isPortTaken(error)) throw error;
      }
    }
  }

  private async listen(port: number): Promise<number> {
    const server = createServer((socket) => this.welcome(socket));
    server.listen(port, HOST);
    await once(server, 'listening');
    this.server = server;
    return port;
  }

  /** The listener is gone when this is called; the 'close' event would wait for the connections, which may stay. */
  private async closeListener(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (!server) return;
    server.close();
    // The handle is closed in this turn of the event loop; dials are refused from the next on.
    await new Promise((resolve) => setImmediate(resolve));
  }

  private welcome(socket: Socket): void {
    const { faults, options } = this;
    this.connectionCount += 1;
    const plainIds = new ServerMessageIds(this.serverNow);
    const handshake = new Handshake({
      dcId: options.id,
      rsa: options.rsa,
      now: this.serverNow,
      addKey: (key) => this.keys.add(key),
    });
    const onPacket = (packet: Buffer) => {
      if (packet.length < 8) throw new BrokenPacket('too short a packet');
      if (packet.readBigUInt64LE() !== 0n) {
        this.dispatcher.receive(packet, link);
        return;
      }
      const answer = handshake.answer(readPlainMessage(packet));
      link.connection.send(writePlainMessage(plainIds.next(true), answer));
    };
    const onClose = () => {
      this.links.delete(link);
      this.sessions.detach(link);
    };
    const connection = new Connection({ id: this.connectionCount, socket, faults, log: options.log, onPacket, onClose });
    const link = new ClientLink({ connection, keys: this.keys, now: this.serverNow });
    this.links.add(link);
  }
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
