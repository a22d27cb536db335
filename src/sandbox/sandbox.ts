import { DataCentre } from './mtproto/data-centre.js';
import { generateRsaKeyPair } from './mtproto/rsa-key-pair.js';
import { Faults } from './control/faults.js';
import { RpcLog } from './control/rpc-log.js';
import { Scenario } from './control/scenario.js';
import type { ChatRef, MessageRef, UserRef } from './control/scenario.js';
import { chatView, messageView, seenMessage, userView } from './control/views.js';
import type { SandboxChat, SandboxMessage, SandboxUser, SeenMessage } from './control/views.js';
import { waitFor } from './control/wait-for.js';
import type { WaitOptions } from './control/wait-for.js';
import { sessionString } from './control/session-string.js';
import type { RpcHandler } from './rpc.js';
import { AuthStore } from './world/auth-store.js';
import { Devices, HOME_DC } from './world/devices.js';
import { Messenger } from './world/messenger.js';
import type { ChannelChat, GroupChat, WorldMessage } from './world/model.js';
import { PeerResolver } from './world/peer-resolver.js';
import { Publisher } from './world/publisher.js';
import { RandomIds } from './world/random-ids.js';
import { RpcRouter } from './world/rpc-router.js';
import type { SandboxLog } from './world/rpc-router.js';
import { UploadStore } from './world/upload-store.js';
import { World } from './world/world.js';
import type { NewUser } from './world/world.js';

export interface SandboxOptions {
  log: SandboxLog;
  /** Free ports are found where none are named. */
  dc2Port?: number;
  dc4Port?: number;
  /** Unix time, ms. */
  now?: () => number;
  /**
   * Plain texts in private chats and basic groups are pushed in Telegram's short form, which brings no users and no
   * access hashes. Default true.
   */
  shortUpdates?: boolean;
}

/** A group or channel to be made; the first member creates it and is its admin. */
export interface NewSandboxChat {
  title: string;
  members: readonly UserRef[];
  username?: string;
}

const HOST = '127.0.0.1';

/**
 * A whole small Telegram on loopback: two data centres, people, chats, and a hand that moves them. For tests and for the
 * demo; clients reach it by `testDc` and `publicKeyPem`, scenarios by `send`, `faults` and `rpcLog`.
 */
export class Sandbox {
  readonly rpcLog: RpcLog;
  /** What people do: send texts and voices, edit, delete, type. */
  readonly send: Scenario;
  readonly faults: Faults;
  readonly world: World;
  readonly publicKeyPem: string;
  private readonly messenger: Messenger;
  private readonly devices: Devices;
  private readonly auth: AuthStore;
  private readonly dataCentres = new Map<number, DataCentre>();
  private readonly ports = new Map<number, number>();

  private constructor({ log, now = Date.now, shortUpdates = true }: SandboxOptions) {
    const world = new World(now);
    const nowSec = () => world.nowSec();
    this.world = world;
    this.devices = new Devices(nowSec);
    this.auth = new AuthStore(nowSec);
    this.rpcLog = new RpcLog(now);
    const sink = { push: (...push: Parameters<DataCentre['push']>) => this.dataCentre(HOME_DC).push(...push) };
    const publisher = new Publisher({ world, devices: this.devices, sink, shortUpdates });
    const messenger = new Messenger(world, publisher);
    this.messenger = messenger;
    this.send = new Scenario({ world, messenger });
    const { devices, auth, rpcLog, dataCentres, send: scenario } = this;
    const randomIds = new RandomIds();
    this.faults = new Faults({ world, devices, publisher, scenario, dataCentres, randomIds });
    const router = new RpcRouter({
      ...{ log, world, devices, auth, rpcLog, messenger, publisher, faults: this.faults },
      peers: new PeerResolver(world),
      uploads: new UploadStore(),
      randomIds,
      dcAddresses: () => [...this.ports].map(([dcId, port]) => ({ dcId, host: HOST, port })),
    });
    this.publicKeyPem = this.makeDataCentres(router, log, now);
  }

  static async start(options: SandboxOptions): Promise<Sandbox> {
    const sandbox = new Sandbox(options);
    const wanted = new Map([
      [2, options.dc2Port],
      [4, options.dc4Port],
    ]);
    try {
      for (const [id, dataCentre] of sandbox.dataCentres) {
        sandbox.ports.set(id, await dataCentre.start(wanted.get(id)));
      }
    } catch (error) {
      await sandbox.stop();
      throw error;
    }
    return sandbox;
  }

  /** Idempotent. */
  async stop(): Promise<void> {
    await Promise.all([...this.dataCentres.values()].map((dataCentre) => dataCentre.stop()));
  }

  /** The value for TELEGRAM_TEST_DC: `127.0.0.1:PORT2,4=127.0.0.1:PORT4`. */
  get testDc(): string {
    return `${HOST}:${this.portOf(HOME_DC)},4=${HOST}:${this.portOf(4)}`;
  }

  portOf(dcId: number): number {
    const port = this.ports.get(dcId);
    if (port === undefined) throw new RangeError(`The sandbox has no data centre ${dcId}`);
    return port;
  }

  addUser(user: NewUser): SandboxUser {
    return userView(this.world.addUser(user));
  }

  /** Both have each other in their contact lists. */
  makeContacts(a: UserRef, b: UserRef): void {
    this.send.user(a).contacts.add(this.send.user(b).id);
    this.send.user(b).contacts.add(this.send.user(a).id);
  }

  addGroup(chat: NewSandboxChat): SandboxChat {
    return this.found(this.world.addGroup(this.newChat(chat)));
  }

  addSupergroup(chat: NewSandboxChat): SandboxChat {
    return this.found(this.world.addChannel('supergroup', this.newChat(chat)));
  }

  /** A broadcast channel: only admins write, and nobody is named as the writer. */
  addChannel(chat: NewSandboxChat): SandboxChat {
    return this.found(this.world.addChannel('channel', this.newChat(chat)));
  }

  privateChat(a: UserRef, b: UserRef): SandboxChat {
    return chatView(this.world, this.world.privateChat(this.send.user(a).id, this.send.user(b).id));
  }

  /** A GramJS `StringSession` of a new device on which the user is signed in already. */
  stringSession(user: UserRef): string {
    const { authKeyId, key } = this.dataCentre(HOME_DC).createAuthKey();
    this.devices.signIn(this.devices.of({ authKeyId, dcId: HOME_DC }), this.send.user(user));
    return sessionString({ dcId: HOME_DC, host: HOST, port: this.portOf(HOME_DC), key });
  }

  /** The session of a new device that nobody is signed in on; it saves the client the making of a key. */
  emptySession(): string {
    const { key } = this.dataCentre(HOME_DC).createAuthKey();
    return sessionString({ dcId: HOME_DC, host: HOST, port: this.portOf(HOME_DC), key });
  }

  /** The login code that was "sent" to this phone last and is not used yet. */
  codeFor(phone: string): string | undefined {
    return this.auth.codeFor(phone.replace(/\D/g, ''));
  }

  /** The chats in which this user has a dialog. */
  chatsOf(user: UserRef): SandboxChat[] {
    return this.world.chatsOf(this.send.user(user)).map((chat) => chatView(this.world, chat));
  }

  /** What this user sees in the chat, oldest first, without what is deleted and without service messages. */
  messagesOf(chat: ChatRef, seenBy: UserRef): SeenMessage[] {
    const viewer = this.send.user(seenBy);
    const found = this.send.chat(chat, viewer);
    const messages = this.world.messagesOf(found, viewer).filter(({ service }) => !service);
    return messages.map((message) => seenMessage(this.world, viewer, message));
  }

  /** The message as it is now. */
  message(message: MessageRef): SandboxMessage {
    return messageView(this.world, this.send.message(message));
  }

  /** The bytes of the file in a message, as they were sent. */
  fileOf(message: MessageRef): Buffer {
    const { media } = this.send.message(message);
    if (!media) throw new RangeError('This message has no file');
    return media.bytes;
  }

  /** The first message, sent already or yet to be sent or edited, that the predicate is true of. */
  async waitForMessage(
    predicate: (message: SandboxMessage) => boolean,
    options: WaitOptions = {},
    signal?: AbortSignal,
  ): Promise<SandboxMessage> {
    const matching = (message: WorldMessage) => {
      const view = messageView(this.world, message);
      return !message.service && predicate(view) ? view : undefined;
    };
    for (const message of this.world.messages) {
      const known = matching(message);
      if (known) return known;
    }
    const listen = (done: (message: SandboxMessage) => void, fail: (error: unknown) => void) =>
      this.world.events.listen((event) => {
        if (event.kind !== 'message' && event.kind !== 'edit') return;
        // A predicate that throws must fail its wait, not the sending of the message.
        try {
          const found = matching(event.message);
          if (found) done(found);
        } catch (error) {
          fail(error);
        }
      });
    return waitFor('a message', listen, options, signal);
  }

  /** The answer to this message. */
  waitForReply(message: MessageRef, options: WaitOptions = {}, signal?: AbortSignal): Promise<SandboxMessage> {
    const { key } = this.send.message(message);
    return this.waitForMessage(({ replyToKey }) => replyToKey === key, options, signal);
  }

  dataCentre(dcId: number): DataCentre {
    const dataCentre = this.dataCentres.get(dcId);
    if (!dataCentre) throw new RangeError(`The sandbox has no data centre ${dcId}`);
    return dataCentre;
  }

  private makeDataCentres(handler: RpcHandler, log: SandboxLog, now: () => number): string {
    const rsa = generateRsaKeyPair();
    for (const id of [HOME_DC, 4]) this.dataCentres.set(id, new DataCentre({ id, rsa, handler, now, log }));
    return rsa.publicKeyPem;
  }

  /** The first line of every group and channel says that it was created, so no chat is ever empty. */
  private found(chat: GroupChat | ChannelChat): SandboxChat {
    const from = this.world.user(chat.creatorId);
    this.messenger.send({ chat, from, text: '', service: 'created' });
    return chatView(this.world, chat);
  }

  private newChat({ title, members, username }: NewSandboxChat) {
    const memberIds = members.map((member) => this.send.user(member).id);
    return { title, memberIds, ...(username === undefined ? {} : { username }) };
  }
}
