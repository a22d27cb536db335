import { createHmac, randomBytes } from 'node:crypto';

/**
 * The 64-bit hash that a user must show to speak of another user or a channel; everybody has their own for everybody, so
 * one that is taken from another account is worth nothing.
 */
export class AccessHashes {
  private readonly secret = randomBytes(32);

  /** Decimal, signed. */
  of(viewerId: string, kind: 'user' | 'channel', id: string): string {
    const digest = createHmac('sha256', this.secret).update(`${viewerId}:${kind}:${id}`).digest();
    return digest.readBigInt64LE(0).toString();
  }
}
