import { Api } from 'telegram';
import type { DataCentre } from '../mtproto/data-centre.js';
import type { ConnectionFaults } from '../mtproto/connection-faults.js';
import type { Devices } from '../world/devices.js';
import type { WorldChat, WorldDocument, WorldMessage } from '../world/model.js';
import { isChannelChat, SERVICE_USER_ID } from '../world/model.js';
import type { Publisher } from '../world/publisher.js';
import type { RandomIds } from '../world/random-ids.js';
import type { World } from '../world/world.js';
import { RpcFaults } from './rpc-faults.js';
import type { Scenario, ChatRef, MessageRef, UserRef } from './scenario.js';

export interface FaultDeps {
  world: World;
  devices: Devices;
  publisher: Publisher;
  scenario: Scenario;
  dataCentres: ReadonlyMap<number, DataCentre>;
  randomIds: RandomIds;
}

/** Everything in the sandbox that can be made to go wrong. Faults of single methods come from `RpcFaults`. */
export class Faults extends RpcFaults {
  private readonly deps: FaultDeps;

  constructor(deps: FaultDeps) {
    super();
    this.deps = deps;
  }

  /** Faults of the connections of one data centre: drop, refuse, half-open, slow, wrong clock. */
  connection(dcId: 2 | 4 = 2): ConnectionFaults {
    return this.dataCentre(dcId).faults;
  }

  /** References that have been given out are answered FILE_REFERENCE_EXPIRED; reading the message gives a good one. */
  expireFileReferences(which: MessageRef | 'all'): void {
    const { world, scenario } = this.deps;
    const documents: WorldDocument[] = which === 'all' ? world.documents.all() : mediaOf(scenario.message(which));
    for (const document of documents) world.documents.expireReferences(document);
  }

  /** The file moves: who asks the other data centre is answered FILE_MIGRATE_n. */
  moveFile(message: MessageRef, dcId: 2 | 4): void {
    for (const document of mediaOf(this.deps.scenario.message(message))) document.dcId = dcId;
  }

  /** While on, what happens is not pushed to this user, who finds it by getDifference only. */
  loseUpdates(user: UserRef, on = true): void {
    const { deafUserIds } = this.deps.publisher;
    const { id } = this.deps.scenario.user(user);
    if (on) deafUserIds.add(id);
    else deafUserIds.delete(id);
  }

  /** While on, the user's devices are told also of what they do themselves, before the answer to it. */
  echo(user: UserRef, on = true): void {
    const { echoingUserIds } = this.deps.publisher;
    const { id } = this.deps.scenario.user(user);
    if (on) echoingUserIds.add(id);
    else echoingUserIds.delete(id);
  }

  /** The server tells the user's devices to ask for everything that is new, as it does after a long silence. */
  pushTooLong(user: UserRef): void {
    this.deps.publisher.push(this.deps.scenario.user(user), new Api.UpdatesTooLong());
  }

  /** The server no longer knows which `random_id`s were used: a message sent again stands there twice. */
  forgetRandomIds(): void {
    this.deps.randomIds.forget();
  }

  /** The server forgets the user's journal: getDifference from an older state answers differenceTooLong. */
  forgetUpdatesOf(user: UserRef): void {
    this.deps.scenario.user(user).box.forgetJournal();
  }

  /** From now on an answer of getDifference or getChannelDifference brings at most so many events. */
  shortenDifferences(limit: number): void {
    this.deps.world.differenceLimit = limit;
  }

  /** The same for a supergroup or channel: getChannelDifference answers channelDifferenceTooLong. */
  forgetUpdatesIn(chat: ChatRef): void {
    this.channel(chat).box.forgetJournal();
  }

  /** Every call of the user's present devices is answered 401. */
  revokeSessions(
    user: UserRef,
    reason: 'SESSION_REVOKED' | 'AUTH_KEY_UNREGISTERED' | 'USER_DEACTIVATED' = 'SESSION_REVOKED',
  ): void {
    for (const device of this.deps.devices.all(this.deps.scenario.user(user))) this.deps.devices.revoke(device, reason);
  }

  /** Takes `revokeSessions` back. */
  restoreSessions(user: UserRef): void {
    for (const device of this.deps.devices.all(this.deps.scenario.user(user))) delete device.refusal;
  }

  /** The server loses the user's auth keys: their next message gets the transport error -404. */
  forgetKeysOf(user: UserRef): void {
    for (const { authKeyId, dcId } of this.devicesOf(user)) this.dataCentre(dcId).forgetKey(authKeyId);
  }

  /** The server loses the user's sessions and cuts their connections. */
  closeSessionsOf(user: UserRef): void {
    for (const { authKeyId, dcId } of this.devicesOf(user)) this.dataCentre(dcId).closeSessionsOf(authKeyId);
  }

  /** The user may read but no longer write there (CHAT_WRITE_FORBIDDEN), or may again. */
  forbidWriting(chat: ChatRef, user: UserRef, on = true): void {
    const { id } = this.deps.scenario.user(user);
    const found = this.memberChat(chat);
    if (on) found.mutedIds.add(id);
    else found.mutedIds.delete(id);
  }

  /** The user is put out of the group or channel (CHANNEL_PRIVATE), or back in. */
  removeMember(chat: ChatRef, user: UserRef, on = true): void {
    const { id } = this.deps.scenario.user(user);
    const found = this.memberChat(chat);
    if (on) found.memberIds.delete(id);
    else found.memberIds.add(id);
  }

  private devicesOf(user: UserRef) {
    return this.deps.devices.all(this.deps.scenario.user(user));
  }

  private memberChat(ref: ChatRef): Exclude<WorldChat, { kind: 'private' }> {
    const chat = this.anyChat(ref);
    if (chat.kind === 'private') throw new RangeError('This is a private chat');
    return chat;
  }

  private channel(ref: ChatRef) {
    const chat = this.anyChat(ref);
    if (!isChannelChat(chat)) throw new RangeError('This is neither a supergroup nor a channel');
    return chat;
  }

  private anyChat(ref: ChatRef): WorldChat {
    return this.deps.scenario.chat(ref, this.deps.world.user(SERVICE_USER_ID));
  }

  private dataCentre(dcId: number): DataCentre {
    const dataCentre = this.deps.dataCentres.get(dcId);
    if (!dataCentre) throw new RangeError(`The sandbox has no data centre ${dcId}`);
    return dataCentre;
  }
}

function mediaOf(message: WorldMessage): WorldDocument[] {
  return message.media ? [message.media] : [];
}
