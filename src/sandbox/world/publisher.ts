import type { Api } from 'telegram';
import type { UpdateSink } from '../rpc.js';
import type { Device, Devices } from './devices.js';
import type { ChannelChat, WorldEntry, WorldUser } from './model.js';
import { tlEntryUpdates, tlShortMessage } from './tl/updates.js';
import type { World } from './world.js';

/** What is published to one user: an event of their own box, or of a channel's. */
export interface Publication {
  user: WorldUser;
  channel?: ChannelChat | undefined;
  entry: WorldEntry;
}

/** Sends updates to people's devices. What it sends is in the journals already, so it may be lost. */
export class Publisher {
  /** Users whose updates are lost on the way; `getDifference` still tells them. */
  readonly deafUserIds = new Set<string>();
  /** Users whose devices are told also of what they did themselves, before they have the answer. */
  readonly echoingUserIds = new Set<string>();

  constructor(
    private readonly deps: { world: World; devices: Devices; sink: UpdateSink; shortUpdates: boolean },
  ) {}

  /** @param exceptAuthKeyId the device that caused it, and has it as its answer. */
  publish({ user, channel, entry }: Publication, exceptAuthKeyId?: string): void {
    const { world, shortUpdates } = this.deps;
    const short = shortUpdates ? tlShortMessage(world, user, entry) : undefined;
    this.push(user, short ?? tlEntryUpdates(world, { viewer: user, channel, entry }), exceptAuthKeyId);
  }

  push(user: WorldUser, updates: Api.TypeUpdates, exceptAuthKeyId?: string): void {
    if (this.deafUserIds.has(user.id)) return;
    for (const device of this.deps.devices.homeDevicesOf(user)) {
      const isTold = device.authKeyId !== exceptAuthKeyId || this.echoingUserIds.has(user.id);
      if (isTold && !device.refusal) this.pushTo(device, updates);
    }
  }

  /** To one device, also where nobody is signed in on it. */
  pushTo(device: Device, updates: Api.TypeUpdates): void {
    this.deps.sink.push(device.authKeyId, updates);
  }
}
