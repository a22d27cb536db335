/**
 * Ids of the server's messages: Unix seconds in the upper 32 bits, rising, 1 modulo 4 for an answer to a message of the
 * client and 3 for the rest (https://core.telegram.org/mtproto/description#message-identifier-msg-id).
 */
export class ServerMessageIds {
  private last = 0n;

  constructor(private readonly now: () => number) {}

  next(isReply: boolean): bigint {
    const clock = toMessageId(this.now());
    // Clients set their clocks by these ids: when the server's clock was set back, the ids follow it.
    const wasSetBack = this.last - clock > 1n << 32n;
    const base = clock > this.last || wasSetBack ? clock : (this.last & ~3n) + 4n;
    this.last = base + (isReply ? 1n : 3n);
    return this.last;
  }
}

/** The lowest id of a moment, in ms, as a client makes it: divisible by 4. */
export function toMessageId(nowMs: number): bigint {
  const seconds = Math.floor(nowMs / 1000);
  const fraction = Math.floor(((nowMs - seconds * 1000) / 1000) * 2 ** 32);
  return (BigInt(seconds) << 32n) | (BigInt(fraction) & ~3n);
}

/** The second in which an id was made. */
export function secondOf(msgId: bigint): number {
  return Number(msgId >> 32n);
}
