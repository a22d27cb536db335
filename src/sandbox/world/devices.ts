import { RpcFault } from '../rpc.js';
import type { RpcCaller } from '../rpc.js';
import type { WorldUser } from './model.js';

/** Where everybody's messages live; the other data centre only stores files. */
export const HOME_DC = 2;

/** One auth key: an installation of some client. */
export interface Device {
  authKeyId: string;
  dcId: number;
  /** Who is signed in on it, here or by an authorisation exported from the home data centre. */
  user?: WorldUser;
  /** Who has given the right code and still owes the password. */
  awaitingPassword?: WorldUser;
  sinceSec: number;
  /** Every call of this key is refused with this. */
  refusal?: RpcFault;
}

/** Which auth key belongs to whom. */
export class Devices {
  private readonly devices = new Map<string, Device>();

  constructor(private readonly nowSec: () => number) {}

  /** The device that asks; a key that has not been seen before is nobody's. */
  of(caller: Pick<RpcCaller, 'authKeyId' | 'dcId'>): Device {
    const key = `${caller.dcId}:${caller.authKeyId}`;
    const known = this.devices.get(key);
    if (known) return known;
    const device: Device = { authKeyId: caller.authKeyId, dcId: caller.dcId, sinceSec: this.nowSec() };
    this.devices.set(key, device);
    return device;
  }

  signIn(device: Device, user: WorldUser): void {
    device.user = user;
    device.sinceSec = this.nowSec();
    delete device.awaitingPassword;
    delete device.refusal;
  }

  signOut(device: Device): void {
    delete device.user;
    delete device.awaitingPassword;
  }

  /** The user's devices on their home data centre. */
  homeDevicesOf(user: WorldUser): Device[] {
    return this.all(user).filter((device) => device.dcId === HOME_DC);
  }

  all(user: WorldUser): Device[] {
    return [...this.devices.values()].filter((device) => device.user === user);
  }

  /** Ends the session: every call of its key is answered 401 with `reason`, now and later. */
  revoke(device: Device, reason: 'SESSION_REVOKED' | 'AUTH_KEY_UNREGISTERED' | 'USER_DEACTIVATED'): void {
    device.refusal = new RpcFault(401, reason);
  }
}
