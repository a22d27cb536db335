import { createHash } from 'node:crypto';
import { RpcFault } from '../rpc.js';
import { decryptIge } from './aes-ige.js';
import type { AuthKey } from './auth-key.js';
import { constructors } from './constructors.js';
import type { IncomingMessage, MtprotoState } from './incoming-message.js';
import { TlReader } from './tl-reader.js';

/**
 * auth.bindTempAuthKey: from now on requests under the temporary key are those of the permanent one. The proof is a
 * message under the permanent key, encrypted as in MTProto 1.0: https://core.telegram.org/method/auth.bindTempAuthKey.
 * Throws `RpcFault`.
 */
export function bindTemporaryKey(query: Buffer, { key, session, record }: IncomingMessage, state: MtprotoState): void {
  const reader = new TlReader(query.subarray(4));
  const permanentId = reader.raw(8).toString('hex');
  const nonce = reader.long();
  const expiresAtS = reader.int();
  const encrypted = reader.bytes();
  const permanent = state.keys.find(permanentId);
  if (key.expiresAtMs === undefined) throw new RpcFault(400, 'TEMP_AUTH_KEY_EMPTY');
  if (key.boundTo !== undefined && key.boundTo !== permanentId) throw new RpcFault(400, 'TEMP_AUTH_KEY_ALREADY_BOUND');
  if (expiresAtS * 1000 <= state.now()) throw new RpcFault(400, 'EXPIRES_AT_INVALID');
  const proof = permanent?.expiresAtMs === undefined && permanent ? readProof(encrypted, permanent.authKey) : undefined;
  const isRight =
    proof?.msgId === record.msgId &&
    proof.nonce === nonce &&
    proof.temporaryId === key.authKey.id &&
    proof.permanentId === permanentId &&
    proof.sessionId === session.id &&
    proof.expiresAtS === expiresAtS;
  if (!isRight) throw new RpcFault(400, 'ENCRYPTED_MESSAGE_INVALID');
  key.boundTo = permanentId;
  key.expiresAtMs = Math.min(key.expiresAtMs, expiresAtS * 1000);
}

interface Proof {
  msgId: bigint;
  nonce: bigint;
  temporaryId: string;
  permanentId: string;
  sessionId: string;
  expiresAtS: number;
}

const INNER_BYTES = 40;
/** random:int128, msg_id, seqno, length. */
const HEAD_BYTES = 32;

/** Undefined where the message is not one of this key. */
function readProof(encrypted: Buffer, permanent: AuthKey): Proof | undefined {
  if (encrypted.length < 24 + HEAD_BYTES + INNER_BYTES || (encrypted.length - 24) % 16 !== 0) return undefined;
  if (encrypted.subarray(0, 8).toString('hex') !== permanent.id) return undefined;
  const msgKey = encrypted.subarray(8, 24);
  const { aesKey, iv } = deriveAesKeyV1(permanent.key, msgKey);
  const plain = decryptIge(encrypted.subarray(24), aesKey, iv);
  const withoutPadding = plain.subarray(0, HEAD_BYTES + INNER_BYTES);
  if (!sha1(withoutPadding).subarray(4, 20).equals(msgKey)) return undefined;
  const reader = new TlReader(withoutPadding);
  reader.raw(16);
  const msgId = reader.long();
  const seqNo = reader.int();
  const length = reader.int();
  if (seqNo !== 0 || length !== INNER_BYTES || reader.uint() !== constructors.bindAuthKeyInner) return undefined;
  return {
    msgId,
    nonce: reader.long(),
    temporaryId: reader.raw(8).toString('hex'),
    permanentId: reader.raw(8).toString('hex'),
    sessionId: reader.raw(8).toString('hex'),
    expiresAtS: reader.int(),
  };
}

/** https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector, client to server. */
function deriveAesKeyV1(key: Buffer, msgKey: Buffer): { aesKey: Buffer; iv: Buffer } {
  const a = sha1(msgKey, key.subarray(0, 32));
  const b = sha1(key.subarray(32, 48), msgKey, key.subarray(48, 64));
  const c = sha1(key.subarray(64, 96), msgKey);
  const d = sha1(msgKey, key.subarray(96, 128));
  return {
    aesKey: Buffer.concat([a.subarray(0, 8), b.subarray(8, 20), c.subarray(4, 16)]),
    iv: Buffer.concat([a.subarray(8, 20), b.subarray(0, 8), c.subarray(16, 20), d.subarray(0, 8)]),
  };
}

function sha1(...parts: Buffer[]): Buffer {
  return createHash('sha1').update(Buffer.concat(parts)).digest();
}

/** Whether this is a request that a temporary key may make before it is bound. */
export function mayComeUnbound(constructor: number, method: string): boolean {
  return constructor === constructors.bindTempAuthKey || method.startsWith('help.') || method.startsWith('langpack.');
}

