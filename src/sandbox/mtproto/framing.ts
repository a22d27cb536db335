/** One TCP transport: how packets are cut out of a stream (https://core.telegram.org/mtproto/mtproto-transports). */
export interface Framing {
  readonly name: string;
  /** Takes bytes as they come, returns the packets that are whole now. `BrokenPacket` where the stream is not of it. */
  decode(bytes: Buffer): Buffer[];
  encode(packet: Buffer): Buffer;
}

/** No client sends more: a container has at most 1 MiB. */
export const LARGEST_PACKET = 1 << 21;
