import type { Api } from 'telegram';
import type { RpcAnswer, RpcCaller } from '../rpc.js';
import type { AuthStore } from './auth-store.js';
import type { Device, Devices } from './devices.js';
import type { Messenger } from './messenger.js';
import type { WorldUser } from './model.js';
import type { PeerResolver } from './peer-resolver.js';
import type { Publisher } from './publisher.js';
import type { RandomIds } from './random-ids.js';
import type { UploadStore } from './upload-store.js';
import type { World } from './world.js';

/** All that methods work on. */
export interface MethodDeps {
  world: World;
  devices: Devices;
  messenger: Messenger;
  publisher: Publisher;
  peers: PeerResolver;
  uploads: UploadStore;
  randomIds: RandomIds;
  auth: AuthStore;
  /** Addresses of the data centres, for help.getConfig. */
  dcAddresses: () => readonly DcAddress[];
}

export interface DcAddress {
  dcId: number;
  host: string;
  port: number;
}

/** One call of a method by a device. */
export interface Call extends MethodDeps {
  caller: RpcCaller;
  device: Device;
}

/** A call by somebody who is signed in. */
export interface UserCall extends Call {
  user: WorldUser;
}

type RequestNamed<Name extends string> = Extract<Api.AnyRequest, { className: Name }>;

/** Every method that the installed TL layer has. */
export type MethodName = Api.AnyRequest['className'];

/** Handlers by the name of the TL class. */
export type Methods<Context> = {
  [Name in MethodName]?: (request: RequestNamed<Name>, call: Context) => RpcAnswer | Promise<RpcAnswer>;
};
