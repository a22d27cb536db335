import { gunzipSync, gzipSync } from 'node:zlib';
import { BrokenPacket } from './broken-packet.js';
import { constructors } from './constructors.js';
import { TlReader } from './tl-reader.js';
import { tlBytes, tlInt } from './tl-writer.js';

/** Shorter objects are sent as they are. */
const WORTH_PACKING = 512;
const LARGEST_UNPACKED = 1 << 24;

/** gzip_packed of the object where that is shorter, the object itself where it is not. */
export function packIfSmaller(object: Buffer): Buffer {
  if (object.length <= WORTH_PACKING) return object;
  const packed = Buffer.concat([tlInt(constructors.gzipPacked), tlBytes(gzipSync(object))]);
  return packed.length < object.length ? packed : object;
}

/** The object, unpacked if it is gzip_packed; `BrokenPacket` where that cannot be done. */
export function unpack(object: Buffer): Buffer {
  if (object.length < 4 || object.readUInt32LE() !== constructors.gzipPacked) return object;
  const packed = new TlReader(object.subarray(4)).bytes();
  try {
    return gunzipSync(packed, { maxOutputLength: LARGEST_UNPACKED });
  } catch (error) {
    throw new BrokenPacket(`gzip_packed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
