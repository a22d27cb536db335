import { randomBytes, randomInt } from 'node:crypto';
import { RetryableError } from '../errors.js';

const TRANSPORT_ERROR_BYTES = 4;
const PLAIN_HEAD_BYTES = 20;
const ENCRYPTED_HEAD_BYTES = 24;
const BLOCK_BYTES = 16;
/** Servers send parts of files of 1 MiB at the most. */
const LARGEST_PACKET = 1 << 24;

/** A packet of the transport "padded intermediate": its length, itself, and 0..15 random bytes. */
export function encodePadded(packet: Buffer): Buffer {
  const padding = randomBytes(randomInt(16));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(packet.length + padding.length);
  return Buffer.concat([length, packet, padding]);
}

/** The next packet, without its padding: how long it is, it tells by itself. */
export async function readPadded(source: { readExactly(count: number): Promise<Buffer> }): Promise<Buffer> {
  const length = (await source.readExactly(4)).readUInt32LE();
  if (length < TRANSPORT_ERROR_BYTES || length > LARGEST_PACKET) throw new RetryableError(`a packet of ${length} bytes`);
  const packet = await source.readExactly(length);
  if (length < ENCRYPTED_HEAD_BYTES) return packet.subarray(0, TRANSPORT_ERROR_BYTES);
  const isPlain = packet.readBigUInt64LE() === 0n;
  const padding = isPlain ? 0 : (length - ENCRYPTED_HEAD_BYTES) % BLOCK_BYTES;
  return packet.subarray(0, isPlain ? PLAIN_HEAD_BYTES + packet.readUInt32LE(16) : length - padding);
}
