import { AbridgedFraming } from './abridged-framing.js';
import { BrokenPacket } from './broken-packet.js';
import type { Framing } from './framing.js';
import { FullFraming } from './full-framing.js';
import { IntermediateFraming } from './intermediate-framing.js';
import { OBFUSCATION_HEAD, ObfuscatedFraming, readObfuscation } from './obfuscation.js';

const ABRIDGED = 0xef;
const INTERMEDIATE = 0xeeeeeeee;
const PADDED = 0xdddddddd;

/** The transport that a connection's first bytes tell, and those after its head. */
export interface Detected {
  framing: Framing;
  rest: Buffer;
}

/**
 * As Telegram tells the transports of one port apart: by the first byte or word; zeros in the second word are the number
 * of the first packet of "full"; everything else is the head of an obfuscated connection, whose makers avoid those
 * beginnings. Undefined where more bytes are needed.
 */
export function detectFraming(bytes: Buffer): Detected | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes.readUInt8() === ABRIDGED) return { framing: new AbridgedFraming(), rest: bytes.subarray(1) };
  if (bytes.length < 4) return undefined;
  const plain = byTag(bytes.readUInt32LE());
  if (plain) return { framing: plain, rest: bytes.subarray(4) };
  if (bytes.length < 8) return undefined;
  if (bytes.readUInt32LE(4) === 0) return { framing: new FullFraming(), rest: bytes };
  if (bytes.length < OBFUSCATION_HEAD) return undefined;
  const obfuscation = readObfuscation(bytes.subarray(0, OBFUSCATION_HEAD));
  const inner = obfuscation.tag === 0xefefefef ? new AbridgedFraming() : byTag(obfuscation.tag);
  if (!inner) throw new BrokenPacket('no known transport');
  return { framing: new ObfuscatedFraming(inner, obfuscation), rest: bytes.subarray(OBFUSCATION_HEAD) };
}

function byTag(tag: number): Framing | undefined {
  if (tag === INTERMEDIATE) return new IntermediateFraming(false);
  if (tag === PADDED) return new IntermediateFraming(true);
  return undefined;
}
