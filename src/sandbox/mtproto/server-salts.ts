import { randomBytes } from 'node:crypto';

const PERIOD_S = 1800;

export interface ServerSalt {
  validSinceS: number;
  validUntilS: number;
  salt: bigint;
}

/**
 * The salts of one auth key: a new one every 30 minutes, each good for an hour, so that the one before still holds
 * (https://core.telegram.org/mtproto/description#server-salt). Times are Unix seconds.
 */
export class ServerSalts {
  private readonly salts = new Map<number, bigint>();

  constructor(
    private readonly startS: number,
    first: bigint,
  ) {
    this.salts.set(0, first);
  }

  current(nowS: number): bigint {
    return this.at(this.indexAt(nowS)).salt;
  }

  isValid(salt: bigint, nowS: number): boolean {
    const index = this.indexAt(nowS);
    return salt === this.at(index).salt || (index > 0 && salt === this.at(index - 1).salt);
  }

  /** The current salt and those after it. */
  upcoming(count: number, nowS: number): ServerSalt[] {
    const index = this.indexAt(nowS);
    return Array.from({ length: count }, (_, i) => this.at(index + i));
  }

  private indexAt(nowS: number): number {
    return Math.max(0, Math.floor((nowS - this.startS) / PERIOD_S));
  }

  private at(index: number): ServerSalt {
    const salt = this.salts.get(index) ?? randomBytes(8).readBigUInt64LE();
    this.salts.set(index, salt);
    const validSinceS = this.startS + index * PERIOD_S;
    return { validSinceS, validUntilS: validSinceS + 2 * PERIOD_S, salt };
  }
}
