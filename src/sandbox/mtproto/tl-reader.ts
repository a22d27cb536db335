import { BrokenPacket } from './broken-packet.js';

/** Reads TL's bare types in order; `BrokenPacket` where the data ends too early. The opposite of `tl-writer.ts`. */
export class TlReader {
  private offset = 0;

  constructor(private readonly data: Buffer) {}

  get remaining(): number {
    return this.data.length - this.offset;
  }

  raw(length: number): Buffer {
    if (length < 0 || length > this.remaining) throw new BrokenPacket(`needs ${length} bytes, ${this.remaining} are left`);
    this.offset += length;
    return this.data.subarray(this.offset - length, this.offset);
  }

  /** All that is left. */
  rest(): Buffer {
    return this.raw(this.remaining);
  }

  /** All that is left, without taking it. */
  peekRest(): Buffer {
    return this.data.subarray(this.offset);
  }

  /** Signed 32 bits. */
  int(): number {
    return this.raw(4).readInt32LE();
  }

  /** Unsigned 32 bits: a constructor or flags. */
  uint(): number {
    return this.raw(4).readUInt32LE();
  }

  /** Unsigned 64 bits. */
  long(): bigint {
    return this.raw(8).readBigUInt64LE();
  }

  bytes(): Buffer {
    const first = this.raw(1).readUInt8();
    const isLong = first === 254;
    const value = this.raw(isLong ? this.raw(3).readUIntLE(0, 3) : first);
    this.raw(-(value.length + (isLong ? 4 : 1)) & 3);
    return value;
  }

  /** `Vector<long>` with its constructor. */
  vectorOfLongs(): bigint[] {
    if (this.uint() !== 0x1cb5c415) throw new BrokenPacket('a vector was expected');
    const count = this.uint();
    if (count * 8 > this.remaining) throw new BrokenPacket('a vector is longer than its message');
    return Array.from({ length: count }, () => this.long());
  }
}
