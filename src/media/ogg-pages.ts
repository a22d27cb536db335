import { AppError } from '../errors.js';

/** The file is not the plain case that is read here; whether it is broken or only unusual is for ffmpeg to say. */
export class UnusualFileError extends AppError {}

export interface OggPage {
  /** Those that end in this page, whole. */
  packets: Uint8Array[];
  /** Position at the end of the last of them, in the codec's units; undefined where none ends here. */
  granule: number | undefined;
  isLast: boolean;
}

const HEADER_BYTES = 27;
const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;
/** Of a segment; a shorter one ends its packet. */
const FULL_SEGMENT = 255;

/**
 * The pages of an Ogg file with one whole stream and nothing else (RFC 3533): every checksum right, no page missing, an
 * end that is marked, and nothing after it. `UnusualFileError` at the first page where that does not hold.
 */
export function* oggPages(file: Uint8Array): Generator<OggPage> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const checksums = checksumTable();
  let begun = new Uint8Array(0);
  let serial: number | undefined;
  for (let start = 0, number = 0; ; number += 1) {
    const bodyStart = start + HEADER_BYTES + (file[start + HEADER_BYTES - 1] ?? 0);
    const isWhole = bodyStart <= file.length && view.getUint32(start) === 0x4f676753 && file[start + 4] === 0;
    if (!isWhole) throw new UnusualFileError(`page ${number} is none`);
    const lengths = file.subarray(start + HEADER_BYTES, bodyStart);
    const end = bodyStart + lengths.reduce((sum, length) => sum + length, 0);
    if (end > file.length || checksum(file, { start, end }, checksums) !== view.getUint32(start + 22, true)) {
      throw new UnusualFileError(`page ${number} is damaged`);
    }
    const flags = file[start + 5] ?? 0;
    serial ??= view.getUint32(start + 14, true);
    const isNext =
      view.getUint32(start + 14, true) === serial &&
      view.getUint32(start + 18, true) === number &&
      Boolean(flags & FIRST) === (number === 0) &&
      Boolean(flags & CONTINUED) === begun.length > 0;
    if (!isNext) throw new UnusualFileError(`page ${number} is not the next of its stream`);

    const packets: Uint8Array[] = [];
    let at = bodyStart;
    let from = bodyStart;
    for (const length of lengths) {
      at += length;
      if (length === FULL_SEGMENT) continue;
      packets.push(joined(begun, file.subarray(from, at)));
      begun = new Uint8Array(0);
      from = at;
    }
    begun = joined(begun, file.subarray(from, at));
    const isLast = Boolean(flags & LAST);
    yield { packets, granule: packets.length === 0 ? undefined : Number(view.getBigInt64(start + 6, true)), isLast };
    if (isLast && (end !== file.length || begun.length > 0)) throw new UnusualFileError('the stream does not end with the file');
    if (isLast) return;
    start = end;
  }
}

/** The second where there is no first, without a copy. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  if (first.length === 0) return second as Uint8Array<ArrayBuffer>;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** CRC-32 with Ogg's polynomial, of each byte. */
function checksumTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
    return sum;
  });
}

/** Of a page, whose own checksum counts as zeros. */
function checksum(file: Uint8Array, { start, end }: { start: number; end: number }, table: Uint32Array): number {
  let sum = 0;
  for (let at = start; at < end; at += 1) {
    const byte = at >= start + 22 && at < start + 26 ? 0 : (file[at] ?? 0);
    sum = (sum << 8) ^ (table[(sum >>> 24) ^ byte] ?? 0);
  }
  return sum >>> 0;
}
