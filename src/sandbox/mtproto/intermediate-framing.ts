import { randomBytes, randomInt } from 'node:crypto';
import { BrokenPacket } from './broken-packet.js';
import type { Framing } from './framing.js';
import { PacketBuffer } from './packet-buffer.js';
import { tlInt } from './tl-writer.js';

/** The wish for a quick acknowledgement; it may be left unanswered. */
const QUICK_ACK = 0x80000000;

/** The transport "intermediate": the length in four bytes. Padded: 0..15 random bytes after the payload, in the length. */
export class IntermediateFraming implements Framing {
  readonly name: string;
  private readonly buffer = new PacketBuffer();

  constructor(private readonly padded: boolean) {
    this.name = padded ? 'padded intermediate' : 'intermediate';
  }

  decode(bytes: Buffer): Buffer[] {
    return this.buffer.take(bytes, measure).map((packet) => {
      const payload = packet.subarray(4);
      return this.padded ? withoutPadding(payload) : payload;
    });
  }

  encode(packet: Buffer): Buffer {
    // Nothing is added to a transport error: clients know it by its length of four.
    const padding = this.padded && packet.length > 4 ? randomBytes(randomInt(16)) : Buffer.alloc(0);
    return Buffer.concat([tlInt(packet.length + padding.length), packet, padding]);
  }
}

function measure(data: Buffer): number | undefined {
  if (data.length < 4) return undefined;
  const length = data.readUInt32LE() & ~QUICK_ACK;
  if (length === 0) throw new BrokenPacket('an empty packet');
  return 4 + length;
}

/** An encrypted packet is 24 bytes and whole blocks; a plain one says its own length behind its 16 bytes of head. */
function withoutPadding(payload: Buffer): Buffer {
  if (payload.length < 24) throw new BrokenPacket('too short a packet');
  const isPlain = payload.readBigUInt64LE() === 0n;
  const length = isPlain ? 20 + payload.readUInt32LE(16) : payload.length - ((payload.length - 24) % 16);
  return payload.subarray(0, length);
}
