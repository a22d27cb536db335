import { oggPages, UnusualFileError } from './ogg-pages.js';

/** Opus counts in these, whatever it is decoded to. */
export const OPUS_RATE_HZ = 48_000;

export interface OpusHead {
  channels: 1 | 2;
  /** What is decoded first and not heard, at 48 kHz. */
  preSkip: number;
}

export interface OpusPart {
  packets: Uint8Array[];
  /** Of all that was decoded up to the end of this part, how much is heard, with what `preSkip` says, at 48 kHz. */
  endsAt: number;
}

/** The longest packet that there is: 120 ms. */
const LONGEST_PACKET = 5760;
const HEAD_BYTES = 19;

/**
 * A voice note as every client records it (RFC 7845): one Ogg stream of mono or stereo Opus, as loud as it is, counted
 * from 0 and without a gap. What is not just so, or longer than `longest`, is an `UnusualFileError`, at the latest
 * with the last part.
 */
export function plainOpus(file: Uint8Array, longest: number): { head: OpusHead; parts: Generator<OpusPart> } {
  const pages = oggPages(file);
  const [head] = next(pages).packets;
  return { head: headOf(head), parts: partsOf(pages, longest) };
}

function* partsOf(pages: ReturnType<typeof oggPages>, longest: number): Generator<OpusPart> {
  let tagged = false;
  let decoded = 0;
  for (const { packets, granule, isLast } of pages) {
    if (!tagged) {
      // A picture among the tags spans pages; the sound begins on one of its own.
      if (packets.length > 1 || isLast) throw new UnusualFileError('the tags do not stand alone');
      tagged = packets.length === 1;
      continue;
    }
    const before = decoded;
    for (const packet of packets) decoded += durationOf(packet);
    if (decoded > longest) throw new UnusualFileError('the sound is too long');
    const isCut = isLast && granule !== undefined && granule <= decoded && granule >= before;
    if (granule !== undefined && granule !== decoded && !isCut) throw new UnusualFileError('its positions are not what is in it');
    yield { packets, endsAt: granule ?? decoded };
  }
}

function next(pages: ReturnType<typeof oggPages>): { packets: Uint8Array[] } {
  const first = pages.next();
  if (first.done === true || first.value.packets.length !== 1 || first.value.isLast) throw new UnusualFileError('the head does not stand alone');
  return first.value;
}

function headOf(packet: Uint8Array = new Uint8Array(0)): OpusHead {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const isOpus = packet.length === HEAD_BYTES && Buffer.from(packet.subarray(0, 8)).toString('latin1') === 'OpusHead';
  if (!isOpus || packet[8] !== 1) throw new UnusualFileError('it is not Opus');
  const channels = packet[9];
  const isPlain = view.getInt16(16, true) === 0 && packet[18] === 0;
  if ((channels !== 1 && channels !== 2) || !isPlain) throw new UnusualFileError('it has a gain, or more channels than two');
  return { channels, preSkip: view.getUint16(10, true) };
}

/** How long a packet sounds, at 48 kHz, by its first bytes (RFC 6716, 3.1). */
function durationOf(packet: Uint8Array): number {
  const [toc, count = 0] = packet;
  if (toc === undefined) throw new UnusualFileError('a packet is empty');
  const code = toc & 3;
  const frames = code === 0 ? 1 : code === 3 ? count & 63 : 2;
  const duration = frames * frameDuration(toc >> 3);
  if (duration === 0 || duration > LONGEST_PACKET) throw new UnusualFileError('a packet has no length that there is');
  return duration;
}

/** Of one frame in this configuration: SILK, hybrid, CELT. */
function frameDuration(configuration: number): number {
  if (configuration < 12) return [480, 960, 1920, 2880][configuration & 3] ?? 0;
  if (configuration < 16) return [480, 960][configuration & 1] ?? 0;
  return 120 << (configuration & 3);
}
