import { crc32 } from 'node:zlib';
import { BrokenPacket } from './broken-packet.js';
import type { Framing } from './framing.js';
import { PacketBuffer } from './packet-buffer.js';
import { tlInt } from './tl-writer.js';

/** The transport "full": length, number of the packet on this connection, payload, CRC32 of all that. */
export class FullFraming implements Framing {
  readonly name = 'full';
  private readonly buffer = new PacketBuffer();
  private received = 0;
  private sent = 0;

  decode(bytes: Buffer): Buffer[] {
    const whole = this.buffer.take(bytes, (data) => (data.length < 4 ? undefined : data.readInt32LE()));
    return whole.map((packet) => this.unwrap(packet));
  }

  encode(packet: Buffer): Buffer {
    const data = Buffer.concat([tlInt(packet.length + 12), tlInt(this.sent), packet]);
    this.sent += 1;
    return Buffer.concat([data, tlInt(crc32(data))]);
  }

  private unwrap(packet: Buffer): Buffer {
    if (packet.length < 16) throw new BrokenPacket('too short a packet');
    const end = packet.length - 4;
    if (crc32(packet.subarray(0, end)) !== packet.readUInt32LE(end)) throw new BrokenPacket('a wrong CRC32');
    if (packet.readUInt32LE(4) !== this.received) throw new BrokenPacket('a packet out of order');
    this.received += 1;
    return packet.subarray(8, end);
  }
}
