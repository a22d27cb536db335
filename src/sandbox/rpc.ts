/**
 * The seam of the sandbox: `mtproto/` (bytes, keys, sessions) below it, `world/` (people, chats, methods) above it.
 * TL values are those of the client library that is installed.
 */
import type { Api } from 'telegram';

/** A request as TL: any method class of the library's `Api` (already unwrapped of invokeWithLayer, initConnection …). */
export type RpcRequest = Api.AnyRequest;

/** What a method answers: a TL object, a boolean, or a bare vector of TL objects, ints or longs. */
export type RpcAnswer = { getBytes(): Buffer } | boolean | RpcAnswer[] | number | { toString(): string };

/** Who is asking. One auth key is one device; it belongs to a user once it has signed in. */
export interface RpcCaller {
  dcId: number;
  /** Hex of the 64-bit auth key id. */
  authKeyId: string;
  /** Hex of the client's 64-bit session id. */
  sessionId: string;
  connectionId: number;
  layer: number;
  /** The request came wrapped in invokeWithoutUpdates. */
  withoutUpdates: boolean;
}

/** Thrown by a handler: becomes rpc_error with this code and message (`FLOOD_WAIT_30`, `FILE_MIGRATE_4` …). */
export class RpcFault extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
    this.name = 'RpcFault';
  }
}

/**
 * Thrown by a handler: the connection that the request came on is cut and nothing is answered on it. With `answer` the
 * request took effect: the same message sent again gets that answer and is not executed twice. Without, it is as if the
 * request had never arrived.
 */
export class ConnectionCut extends Error {
  constructor(readonly answer?: RpcAnswer) {
    super('the connection is cut here');
    this.name = 'ConnectionCut';
  }
}

/** Above the seam: answers requests. */
export interface RpcHandler {
  /** Rejects with `RpcFault`; `undefined` means: never answer (a silent server). */
  handle(request: RpcRequest, caller: RpcCaller): Promise<RpcAnswer | undefined>;
}

/** Below the seam: reaches devices. */
export interface UpdateSink {
  /** Sends updates to every live session of the auth key that takes updates. */
  push(authKeyId: string, updates: Api.TypeUpdates): void;
}
