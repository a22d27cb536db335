/**
 * Writing of TL's bare types (https://core.telegram.org/mtproto/serialize). Written here, and not taken from the client
 * library, so that a mistake in one is seen by the other.
 */

/** 32 bits, little endian; takes signed and unsigned values. */
export function tlInt(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}

/** 64 bits, little endian; takes signed and unsigned values. */
export function tlLong(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
}

/** `bytes` or `string`: the length in one byte, or 254 and three bytes from 254 on; padded with zeros to 4. */
export function tlBytes(value: Uint8Array): Buffer {
  const head =
    value.length < 254
      ? Buffer.from([value.length])
      : Buffer.from([254, value.length & 255, (value.length >> 8) & 255, (value.length >> 16) & 255]);
  const padding = -(head.length + value.length) & 3;
  return Buffer.concat([head, value, Buffer.alloc(padding)]);
}

/** `Vector<long>` with its constructor. */
export function tlVectorOfLongs(values: readonly bigint[]): Buffer {
  return Buffer.concat([tlInt(0x1cb5c415), tlInt(values.length), ...values.map(tlLong)]);
}
