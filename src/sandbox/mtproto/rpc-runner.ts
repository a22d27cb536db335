import type { Api } from 'telegram';
import { TypeNotFoundError } from 'telegram/errors/index.js';
import { BinaryReader } from 'telegram/extensions/index.js';
import { ConnectionCut, RpcFault, type RpcAnswer, type RpcHandler, type RpcRequest } from '../rpc.js';
import { constructors } from './constructors.js';
import type { DataCentreLog } from './data-centre-log.js';
import type { IncomingMessage, MtprotoState } from './incoming-message.js';
import type { RequestRecord } from './received-messages.js';
import { serviceMessages } from './service-messages.js';
import { bindTemporaryKey, mayComeUnbound } from './temp-key-binding.js';
import { serialiseAnswer } from './tl-answer.js';
import { unwrapRequest, type UnwrappedRequest } from './unwrap-request.js';

export interface RpcRunnerDeps {
  state: MtprotoState;
  handler: RpcHandler;
  log: DataCentreLog;
}

/** How a request ended; undefined: it is never answered. */
type Outcome = { result: Buffer; ok: boolean; cut: boolean } | { forgotten: true } | undefined;

/** Runs requests: takes the wrappers off, asks the handler, sends its answer or its fault as rpc_result. */
export class RpcRunner {
  constructor(private readonly deps: RpcRunnerDeps) {}

  /** Never rejects: whatever goes wrong becomes an rpc_error. */
  async run(message: IncomingMessage): Promise<void> {
    const { session, record, link } = message;
    const { request, settle } = newRequest();
    record.request = request;
    session.oweAck(record.msgId);
    const outcome = await this.outcomeOf(message);
    if (outcome === undefined) return;
    if ('forgotten' in outcome) {
      session.forgetReceived(record.msgId);
      link.connection.cut('rst');
      return;
    }
    if (outcome.cut) link.connection.cut('rst');
    if (request.state === 'running') {
      request.answerId = session.sendResult(record.msgId, outcome.result).msgId;
      request.state = 'answered';
    }
    settle(outcome.ok);
  }

  private async outcomeOf(message: IncomingMessage): Promise<Outcome> {
    try {
      const answer = await this.execute(message);
      return answer === undefined ? undefined : { result: serialiseAnswer(answer), ok: true, cut: false };
    } catch (error) {
      if (error instanceof ConnectionCut) {
        return error.answer === undefined
          ? { forgotten: true }
          : { result: serialiseAnswer(error.answer), ok: true, cut: true };
      }
      const fault = error instanceof RpcFault ? error : this.unexpected(error);
      return { result: serviceMessages.rpcError(fault.code, fault.message), ok: false, cut: false };
    }
  }

  private async execute(message: IncomingMessage): Promise<RpcAnswer | undefined> {
    const unwrapped = readOr400(() => unwrapRequest(message.body));
    const constructor = unwrapped.query.length < 4 ? 0 : unwrapped.query.readUInt32LE();
    await this.waitFor(unwrapped.after, message);
    if (constructor === constructors.bindTempAuthKey) {
      readOr400(() => bindTemporaryKey(unwrapped.query, message, this.deps.state));
      return true;
    }
    this.noteLayer(unwrapped, message);
    const request = readOr400(() => parseRequest(unwrapped.query));
    const { key, session, link } = message;
    if (key.expiresAtMs !== undefined && key.boundTo === undefined && !mayComeUnbound(constructor, request.className)) {
      throw new RpcFault(401, 'AUTH_KEY_PERM_EMPTY');
    }
    // Files are asked for without subscribing to updates: https://core.telegram.org/method/invokeWithoutUpdates.
    if (!unwrapped.withoutUpdates && !request.className.startsWith('upload.')) session.takesUpdates = true;
    return this.deps.handler.handle(request, {
      dcId: this.deps.state.dcId,
      authKeyId: key.boundTo ?? key.authKey.id,
      sessionId: session.id,
      connectionId: link.id,
      layer: key.layer ?? 0,
      withoutUpdates: unwrapped.withoutUpdates,
    });
  }

  /** invokeAfterMsg: the others have to have ended well. */
  private async waitFor(msgIds: readonly bigint[], { session }: IncomingMessage): Promise<void> {
    for (const msgId of msgIds) {
      const request = session.received.find(msgId)?.request;
      if (!request || !(await request.succeeded)) throw new RpcFault(400, 'MSG_WAIT_FAILED');
    }
  }

  /** Remembers the layer of a key, and insists that it has been told before anything else is asked. */
  private noteLayer({ layer, inits }: UnwrappedRequest, { key }: IncomingMessage): void {
    if (layer !== undefined && layer < 1) throw new RpcFault(400, 'CONNECTION_LAYER_INVALID');
    if (key.layer === undefined && !inits) throw new RpcFault(400, 'CONNECTION_NOT_INITED');
    key.layer = layer ?? key.layer;
    if (key.layer === undefined) throw new RpcFault(400, 'CONNECTION_LAYER_INVALID');
  }

  private unexpected(error: unknown): RpcFault {
    this.deps.log.warn({ error }, 'a request failed in the sandbox itself');
    return new RpcFault(500, 'INTERNAL_SERVER_ERROR');
  }
}

function newRequest(): { request: RequestRecord; settle: (ok: boolean) => void } {
  let settle: (ok: boolean) => void = () => undefined;
  const succeeded = new Promise<boolean>((resolve) => (settle = resolve));
  return { request: { state: 'running', succeeded }, settle };
}

/** What cannot be read is the client's mistake. */
function readOr400<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RpcFault) throw error;
    throw new RpcFault(400, 'INPUT_FETCH_ERROR');
  }
}

/** The library's request object; `RpcFault` where it is none of this layer. */
function parseRequest(query: Buffer): RpcRequest {
  const reader = new BinaryReader(query);
  const parsed = readObject(reader, query.readUInt32LE()) as Partial<Api.AnyRequest> | undefined;
  if (parsed?.classType !== 'request') throw new RpcFault(400, `INPUT_METHOD_INVALID_${query.readUInt32LE()}`);
  if (reader.tellPosition() !== query.length) throw new RpcFault(400, 'INPUT_REQUEST_TOO_LONG');
  return parsed as RpcRequest;
}

function readObject(reader: BinaryReader, method: number): unknown {
  try {
    return reader.tgReadObject();
  } catch (error) {
    if (!(error instanceof TypeNotFoundError)) throw error;
    const what = error.invalidConstructorId === method ? 'METHOD' : 'CONSTRUCTOR';
    throw new RpcFault(400, `INPUT_${what}_INVALID_${error.invalidConstructorId}`);
  }
}
