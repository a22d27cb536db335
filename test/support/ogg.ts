/** Takes an Ogg file of one stream apart into its packets, whatever their pages. */
export function oggPackets(file: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let begun: Buffer[] = [];
  for (let start = 0; start < file.length; ) {
    const lengths = [...file.subarray(start + 27, start + 27 + file[start + 26]!)];
    let at = start + 27 + lengths.length;
    for (const length of lengths) {
      begun.push(file.subarray(at, at + length));
      at += length;
      if (length === 255) continue;
      packets.push(Buffer.concat(begun));
      begun = [];
    }
    start = at;
  }
  return packets;
}

export interface OggPageDraft {
  packets: readonly Buffer[];
  granule: number;
  /** 1: continued, 2: first, 4: last. */
  flags: number;
}

/** Pages as they are drawn, with right numbers and checksums. */
export function oggFile(pages: readonly OggPageDraft[], serial = 7): Buffer {
  return Buffer.concat(pages.map((page, number) => onePage(page, number, serial)));
}

/** A whole file of these packets (the first two are head and tags), in pages of `perPage`, with a granule that fits. */
export function opusFile(packets: readonly Buffer[], { perPage = 40, samplesPerPacket = 960, total }: { perPage?: number; samplesPerPacket?: number; total?: number } = {}): Buffer {
  const [head, tags, ...sound] = packets as [Buffer, Buffer, ...Buffer[]];
  const pages: OggPageDraft[] = [{ packets: [head], granule: 0, flags: 2 }, { packets: [tags], granule: 0, flags: 0 }];
  for (let at = 0; at < sound.length; at += perPage) {
    const end = Math.min(sound.length, at + perPage);
    const isLast = end === sound.length;
    pages.push({ packets: sound.slice(at, end), granule: isLast && total !== undefined ? total : end * samplesPerPacket, flags: isLast ? 4 : 0 });
  }
  return oggFile(pages);
}

function onePage({ packets, granule, flags }: OggPageDraft, number: number, serial: number): Buffer {
  const lengths = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  const header = Buffer.alloc(27);
  header.write('OggS', 'latin1');
  header[5] = flags;
  header.writeBigInt64LE(BigInt(granule), 6);
  header.writeUInt32LE(serial, 14);
  header.writeUInt32LE(number, 18);
  header[26] = lengths.length;
  const page = Buffer.concat([header, Buffer.from(lengths), ...packets]);
  page.writeUInt32LE(checksum(page), 22);
  return page;
}

function checksum(page: Buffer): number {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum << 1) ^ (sum < 0 ? 0x04c11db7 : 0);
  }
  return sum >>> 0;
}
