import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isNoSpace, NoSpaceError, PermanentError } from '../errors.js';
import type { OpusThread } from './opus-thread.js';
import { BYTES_PER_SAMPLE, msToSamples, SAMPLE_RATE_HZ } from './pcm.js';
import { openPcmFile, type PcmFile } from './pcm-file.js';
import { asBrokenAudio, DECODERS, FFMPEG_REMEDY, inputArguments, probeAudio, requireFile } from './probe-audio.js';
import { ProgramError, ProgramTimeoutError, runProgram } from './run-program.js';
import { WavToMono } from './wav-to-mono.js';

export interface DecodeLimits {
  /** Sound longer than this is refused (`too-long`), whatever the container claims. */
  maxDurationMs: number;
  /** Wall time for each of the two programs. */
  timeoutMs: number;
}

export interface DecodeOptions extends DecodeLimits {
  /** Is asked first; ffmpeg does what it leaves. */
  opus?: Pick<OpusThread, 'decode'> | undefined;
}

/**
 * Decodes the sound of any audio or video file into `outputPath` (see `PcmFile`; the caller deletes it). Memory stays the
 * same however long it is. A file that breaks off gives what there is up to the break. `PermanentError`: `broken-audio`,
 * `no-audio`, `too-long`; `NoSpaceError`; `SetupError` without ffmpeg; the signal's reason when aborted. After an error nothing is left
 * at `outputPath`, and no ffmpeg is left running.
 */
export async function decodeAudio(
  inputPath: string,
  outputPath: string,
  { opus, ...limits }: DecodeOptions,
  signal: AbortSignal,
): Promise<PcmFile> {
  await requireFile(inputPath);
  try {
    const isDone = await opus?.decode(inputPath, outputPath, limits, signal);
    if (isDone !== true) await runDecoder(inputPath, outputPath, limits, signal);
    const file = await openPcmFile(outputPath);
    if (file.sampleCount === 0) throw new PermanentError('broken-audio', 'the audio track holds no sound');
    return file;
  } catch (error) {
    await rm(outputPath, { force: true });
    if (isNoSpace(error)) throw new NoSpaceError('the samples fill the disk', undefined, { cause: error });
    // Asked only now: starting ffprobe takes as long as decoding a short note. It tells what ffmpeg's failure was about.
    // Not after a timeout: who was kept waiting by the file once would be a second time.
    if (error instanceof ProgramError && !(error instanceof ProgramTimeoutError)) await probeAudio(inputPath, limits.timeoutMs, signal);
    throw asBrokenAudio(error);
  }
}

async function runDecoder(
  inputPath: string,
  outputPath: string,
  limits: DecodeLimits,
  signal: AbortSignal,
): Promise<void> {
  await runProgram(
    {
      program: 'ffmpeg',
      args: [
        ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-codec_whitelist', DECODERS, ...inputArguments(inputPath)],
        ...['-vn', '-sn', '-dn', '-filter_threads', '1', '-af', 'aformat=channel_layouts=mono|stereo', '-ar', String(SAMPLE_RATE_HZ)],
        ...['-c:a', 'pcm_s16le', '-bitexact', '-f', 'wav', 'pipe:1'],
      ],
      timeoutMs: limits.timeoutMs,
      remedy: FFMPEG_REMEDY,
      // Through a pipe, so that the length is counted as it comes and ffmpeg cannot outlive its reader.
      onOutput: async (output) => {
        await pipeline(output, new WavToMono(), new LengthLimit(limits.maxDurationMs), createWriteStream(outputPath, { mode: 0o600 }));
      },
    },
    signal,
  );
}

/** Lets PCM bytes through until there are more than the limit allows, then fails with `too-long`. */
class LengthLimit extends Transform {
  private bytes = 0;

  constructor(private readonly maxDurationMs: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes <= msToSamples(this.maxDurationMs) * BYTES_PER_SAMPLE) {
      done(null, chunk);
      return;
    }
    done(new PermanentError('too-long', `the sound is longer than ${Math.round(this.maxDurationMs / 1000)} s`));
  }
}
