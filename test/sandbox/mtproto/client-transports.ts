import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** The client's end of a transport, written apart from the server's. */
export interface ClientTransport {
  /** Sent once, before everything else. */
  head: Buffer;
  wrap(packet: Buffer): Buffer;
  /** Takes bytes, returns the packets that are whole. */
  unwrap(bytes: Buffer): Buffer[];
}

/** `length` and `head` of the packet that the bytes begin with, or undefined where they are too few to tell. */
type Measure = (bytes: Buffer) => { head: number; length: number; tail: number } | undefined;

function cutter(measure: Measure): (bytes: Buffer) => Buffer[] {
  let left: Buffer = Buffer.alloc(0);
  return (bytes) => {
    left = Buffer.concat([left, bytes]);
    const packets: Buffer[] = [];
    for (let m = left.length > 0 ? measure(left) : undefined; m; m = left.length > 0 ? measure(left) : undefined) {
      const end = m.head + m.length + m.tail;
      if (left.length < end) break;
      packets.push(Buffer.from(left.subarray(m.head, m.head + m.length)));
      left = left.subarray(end);
    }
    return packets;
  };
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

export function full(): ClientTransport {
  let sent = 0;
  let expected = 0;
  const cut = cutter((bytes) =>
    bytes.length < 4 ? undefined : { head: 0, length: bytes.readUInt32LE(), tail: 0 },
  );
  return {
    head: Buffer.alloc(0),
    wrap: (packet) => {
      const data = Buffer.concat([int(packet.length + 12), int(sent++), packet]);
      return Buffer.concat([data, int(crc32(data))]);
    },
    unwrap: (bytes) =>
      cut(bytes).map((packet) => {
        const body = packet.subarray(0, -4);
        if (crc32(body) !== packet.readUInt32LE(packet.length - 4)) throw new Error('the server sent a wrong CRC32');
        if (packet.readUInt32LE(4) !== expected++) throw new Error('the server numbered a packet wrongly');
        return body.subarray(8);
      }),
  };
}

export function abridged(): ClientTransport {
  return {
    head: Buffer.from([0xef]),
    wrap: (packet) => {
      const words = packet.length / 4;
      return Buffer.concat([words < 127 ? Buffer.from([words]) : int(0x7f | (words << 8)), packet]);
    },
    unwrap: cutter((bytes) => {
      if (bytes[0]! < 127) return { head: 1, length: bytes[0]! * 4, tail: 0 };
      return bytes.length < 4 ? undefined : { head: 4, length: (bytes.readUInt32LE() >>> 8) * 4, tail: 0 };
    }),
  };
}

export function intermediate(): ClientTransport {
  return {
    head: int(0xeeeeeeee),
    wrap: (packet) => Buffer.concat([int(packet.length), packet]),
    unwrap: cutter((bytes) => (bytes.length < 4 ? undefined : { head: 4, length: bytes.readUInt32LE(), tail: 0 })),
  };
}

export function padded(): ClientTransport {
  const cut = cutter((bytes) => (bytes.length < 4 ? undefined : { head: 4, length: bytes.readUInt32LE(), tail: 0 }));
  return {
    head: int(0xdddddddd),
    wrap: (packet) => {
      const padding = randomBytes(Math.floor(Math.random() * 16));
      return Buffer.concat([int(packet.length + padding.length), packet, padding]);
    },
    unwrap: (bytes) =>
      cut(bytes).map((packet) => {
        if (packet.length < 24) return packet;
        if (packet.readBigUInt64LE() === 0n) return packet.subarray(0, 20 + packet.readUInt32LE(16));
        return packet.subarray(0, 24 + Math.floor((packet.length - 24) / 16) * 16);
      }),
  };
}

/** Any of the others under obfuscation. */
export function obfuscated(make: () => ClientTransport): () => ClientTransport {
  return () => {
    const inner = make();
    const tag = inner.head.length === 1 ? Buffer.alloc(4, 0xef) : inner.head;
    const head = randomBytes(64);
    // A beginning that no other transport has.
    head.writeUInt32LE(0x12345678, 0);
    head.writeUInt32LE(1, 4);
    tag.copy(head, 56);
    const backwards = Buffer.from(head.subarray(8, 56)).reverse();
    const outgoing = createCipheriv('aes-256-ctr', head.subarray(8, 40), head.subarray(40, 56));
    const incoming = createDecipheriv('aes-256-ctr', backwards.subarray(0, 32), backwards.subarray(32, 48));
    const encrypted = outgoing.update(head);
    return {
      head: Buffer.concat([head.subarray(0, 56), encrypted.subarray(56)]),
      wrap: (packet) => outgoing.update(inner.wrap(packet)),
      unwrap: (bytes) => inner.unwrap(incoming.update(bytes)),
    };
  };
}

export const transports: Record<string, () => ClientTransport> = {
  full,
  abridged,
  intermediate,
  'padded intermediate': padded,
  'obfuscated abridged': obfuscated(abridged),
  'obfuscated intermediate': obfuscated(intermediate),
  'obfuscated padded intermediate': obfuscated(padded),
};
