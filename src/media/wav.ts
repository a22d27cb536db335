import { toLittleEndian } from './pcm-file.js';
import { BYTES_PER_SAMPLE, SAMPLE_RATE_HZ, type Pcm } from './pcm.js';

export const WAV_HEADER_BYTES = 44;

/** A complete WAV file of `pcm`: the canonical 44-byte RIFF header (format 1, PCM) and the samples. */
export function encodeWav(pcm: Pcm): Buffer {
  const data = toLittleEndian(pcm.samples);
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + data.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(data.length, 40);
  return Buffer.concat([header, data]);
}
