import { BrokenPacket } from './broken-packet.js';
import { LARGEST_PACKET } from './framing.js';

/** Gathers bytes until a packet is whole. */
export class PacketBuffer {
  private bytes: Buffer = Buffer.alloc(0);

  /**
   * Returns what is whole after `added`. `measure` is given what has not been taken yet and returns the length of the
   * packet that it begins with, head and tail included, or undefined where it cannot tell yet.
   */
  take(added: Buffer, measure: (bytes: Buffer) => number | undefined): Buffer[] {
    this.bytes = this.bytes.length === 0 ? added : Buffer.concat([this.bytes, added]);
    const packets: Buffer[] = [];
    for (;;) {
      const length = measure(this.bytes);
      if (length !== undefined && (length <= 0 || length > LARGEST_PACKET)) throw new BrokenPacket(`a packet of ${length} bytes`);
      if (length === undefined || length > this.bytes.length) return packets;
      packets.push(this.bytes.subarray(0, length));
      this.bytes = this.bytes.subarray(length);
    }
  }
}
