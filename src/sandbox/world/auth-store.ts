import { randomBytes, randomInt } from 'node:crypto';
import { RpcFault } from '../rpc.js';
import type { Device } from './devices.js';
import type { WorldUser } from './model.js';
import { beginSrp, checkSrp } from './srp.js';
import type { SrpExchange } from './srp.js';

/** A code that was "sent" to a phone. */
export interface SentCode {
  phone: string;
  code: string;
  hash: string;
  sentSec: number;
  resends: number;
  wrongTries: number;
}

interface LoginToken {
  token: Buffer;
  device: Device;
  expiresSec: number;
  /** Who accepted it on another device. */
  user?: WorldUser;
}

const CODE_LIFE_SEC = 300;
const WRONG_TRIES_MAX = 5;
const RESENDS_MAX = 2;
const EXPORT_LIFE_SEC = 60;
const TOKEN_LIFE_SEC = 30;

/** What is half done: codes, password checks, authorisations on their way to the other data centre, QR tokens. */
export class AuthStore {
  private readonly codes = new Map<string, SentCode>();
  private readonly exchanges = new Map<string, { user: WorldUser; exchange: SrpExchange }>();
  private readonly exports = new Map<string, { user: WorldUser; dcId: number; expiresSec: number }>();
  private tokens: LoginToken[] = [];

  constructor(private readonly nowSec: () => number) {}

  sendCode(phone: string): SentCode {
    const sent: SentCode = {
      phone,
      code: String(randomInt(10_000, 100_000)),
      hash: randomBytes(9).toString('hex'),
      sentSec: this.nowSec(),
      resends: 0,
      wrongTries: 0,
    };
    this.codes.set(phone, sent);
    return sent;
  }

  /** @throws {RpcFault} PHONE_CODE_EXPIRED, SEND_CODE_UNAVAILABLE where every way has been used. */
  resendCode(phone: string, hash: string): SentCode {
    const sent = this.pending(phone, hash);
    if (sent.resends >= RESENDS_MAX) throw new RpcFault(406, 'SEND_CODE_UNAVAILABLE');
    sent.resends += 1;
    sent.sentSec = this.nowSec();
    return sent;
  }

  cancelCode(phone: string, hash: string): void {
    this.pending(phone, hash);
    this.codes.delete(phone);
  }

  codeFor(phone: string): string | undefined {
    return this.codes.get(phone)?.code;
  }

  /** Uses the code up where it is right. @throws {RpcFault} PHONE_CODE_INVALID, PHONE_CODE_EXPIRED. */
  useCode(phone: string, hash: string, code: string): void {
    if (code === '') throw new RpcFault(400, 'PHONE_CODE_EMPTY');
    const sent = this.pending(phone, hash);
    if (sent.code !== code) {
      sent.wrongTries += 1;
      throw new RpcFault(400, 'PHONE_CODE_INVALID');
    }
    this.codes.delete(phone);
  }

  /** Begins a password check; the exchange is good for one try. */
  beginPassword(user: WorldUser): { id: string; publicB: Buffer } {
    if (!user.password) throw new RangeError('This user has no password');
    const id = (randomBytes(8).readBigUInt64LE() >> 1n).toString();
    const exchange = beginSrp(user.password);
    this.exchanges.set(id, { user, exchange });
    return { id, publicB: exchange.publicB };
  }

  /** @throws {RpcFault} SRP_ID_INVALID, PASSWORD_HASH_INVALID. */
  checkPassword(user: WorldUser, proof: { id: string; publicA: Buffer; m1: Buffer }): void {
    const known = this.exchanges.get(proof.id);
    if (known?.user !== user || !user.password) throw new RpcFault(400, 'SRP_ID_INVALID');
    this.exchanges.delete(proof.id);
    if (!checkSrp(user.password, known.exchange, proof.publicA, proof.m1)) {
      throw new RpcFault(400, 'PASSWORD_HASH_INVALID');
    }
  }

  /** Bytes that sign `user` in on the data centre `dcId`, once and soon. */
  exportTo(dcId: number, user: WorldUser): Buffer {
    const bytes = randomBytes(96);
    this.exports.set(bytes.toString('hex'), { user, dcId, expiresSec: this.nowSec() + EXPORT_LIFE_SEC });
    return bytes;
  }

  /** @throws {RpcFault} AUTH_BYTES_INVALID. */
  import(dcId: number, userId: string, bytes: Buffer): WorldUser {
    const key = bytes.toString('hex');
    const known = this.exports.get(key);
    this.exports.delete(key);
    const right = known?.dcId === dcId && known.user.id === userId && known.expiresSec >= this.nowSec();
    if (!right) throw new RpcFault(400, 'AUTH_BYTES_INVALID');
    return known.user;
  }

  /** The QR token of this device; a fresh one where it has expired. */
  loginToken(device: Device): LoginToken {
    this.tokens = this.tokens.filter((each) => each.user !== undefined || each.expiresSec > this.nowSec());
    const known = this.tokens.find((each) => each.device === device);
    if (known) return known;
    const made = { token: randomBytes(32), device, expiresSec: this.nowSec() + TOKEN_LIFE_SEC };
    this.tokens.push(made);
    return made;
  }

  /** A signed-in user has scanned the token. @throws {RpcFault} AUTH_TOKEN_INVALID, AUTH_TOKEN_EXPIRED. */
  acceptToken(token: Buffer, user: WorldUser): Device {
    const known = this.tokens.find((each) => each.token.equals(token));
    if (!known) throw new RpcFault(400, 'AUTH_TOKEN_INVALID');
    if (known.expiresSec <= this.nowSec()) throw new RpcFault(400, 'AUTH_TOKEN_EXPIRED');
    if (known.user) throw new RpcFault(400, 'AUTH_TOKEN_ALREADY_ACCEPTED');
    known.user = user;
    return known.device;
  }

  forgetToken(device: Device): void {
    this.tokens = this.tokens.filter((each) => each.device !== device);
  }

  private pending(phone: string, hash: string): SentCode {
    if (hash === '') throw new RpcFault(400, 'PHONE_CODE_HASH_EMPTY');
    const sent = this.codes.get(phone);
    const isOver = !sent || sent.hash !== hash || this.nowSec() - sent.sentSec > CODE_LIFE_SEC;
    if (isOver || sent.wrongTries >= WRONG_TRIES_MAX) throw new RpcFault(400, 'PHONE_CODE_EXPIRED');
    return sent;
  }
}
