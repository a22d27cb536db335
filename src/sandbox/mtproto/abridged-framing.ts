import { BrokenPacket } from './broken-packet.js';
import type { Framing } from './framing.js';
import { PacketBuffer } from './packet-buffer.js';

/** The wish for a quick acknowledgement; it may be left unanswered. */
const QUICK_ACK = 0x80;
const LONG = 0x7f;

/** The transport "abridged": the length in words, in one byte, or 0x7f and three bytes. */
export class AbridgedFraming implements Framing {
  readonly name = 'abridged';
  private readonly buffer = new PacketBuffer();

  decode(bytes: Buffer): Buffer[] {
    return this.buffer.take(bytes, measure).map((packet) => packet.subarray(headLength(packet)));
  }

  encode(packet: Buffer): Buffer {
    const words = packet.length / 4;
    const head = words < LONG ? Buffer.from([words]) : Buffer.from([LONG, words & 255, (words >> 8) & 255, words >> 16]);
    return Buffer.concat([head, packet]);
  }
}

function headLength(data: Buffer): number {
  return (data.readUInt8() & ~QUICK_ACK) === LONG ? 4 : 1;
}

function measure(data: Buffer): number | undefined {
  if (data.length === 0 || data.length < headLength(data)) return undefined;
  const words = headLength(data) === 4 ? data.readUIntLE(1, 3) : data.readUInt8() & ~QUICK_ACK;
  if (words === 0) throw new BrokenPacket('an empty packet');
  return headLength(data) + words * 4;
}
