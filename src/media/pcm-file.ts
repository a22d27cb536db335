import { open, stat, writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { BYTES_PER_SAMPLE, msToSamples, samplesToMs, type Pcm } from './pcm.js';

/** A recording on disk: raw little-endian 16-bit mono samples at 16 kHz, no header. Whoever made it deletes it. */
export interface PcmFile {
  path: string;
  sampleCount: number;
}

export function pcmFileDurationMs(file: PcmFile): number {
  return samplesToMs(file.sampleCount);
}

/** The recording at `path` as it stands on disk (half a sample at the end is left out). */
export async function openPcmFile(path: string): Promise<PcmFile> {
  const { size } = await stat(path);
  return { path, sampleCount: Math.floor(size / BYTES_PER_SAMPLE) };
}

/** Writes `pcm` to `path`, over whatever is there. */
export async function writePcmFile(path: string, pcm: Pcm): Promise<PcmFile> {
  await writeFile(path, toLittleEndian(pcm.samples));
  return { path, sampleCount: pcm.samples.length };
}

/** The samples in [startMs, endMs), cut to what the recording has: shorter, or empty, past its end. */
export async function readWindow(file: PcmFile, startMs: number, endMs: number): Promise<Pcm> {
  const start = Math.max(0, Math.min(msToSamples(startMs), file.sampleCount));
  const end = Math.max(start, Math.min(msToSamples(endMs), file.sampleCount));
  const bytes = Buffer.alloc((end - start) * BYTES_PER_SAMPLE);
  const handle = await open(file.path, 'r');
  try {
    let filled = 0;
    while (filled < bytes.length) {
      const position = start * BYTES_PER_SAMPLE + filled;
      const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, position);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const samples = fromLittleEndian(bytes).subarray(0, Math.floor(filled / BYTES_PER_SAMPLE));
    return { samples };
  } finally {
    await handle.close();
  }
}

/** The bytes of `samples` in the order that WAV and our files have; on nearly every machine without a copy. */
export function toLittleEndian(samples: Int16Array): Buffer {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return endianness() === 'LE' ? bytes : Buffer.from(bytes).swap16();
}

/** The samples in `bytes`, which begin at an even address and are the caller's to give away. */
export function fromLittleEndian(bytes: Buffer): Int16Array {
  if (endianness() === 'BE') bytes.swap16();
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / BYTES_PER_SAMPLE);
}
