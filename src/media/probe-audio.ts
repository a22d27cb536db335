import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { PermanentError } from '../errors.js';
import { ProgramError, ProgramTimeoutError, runProgram } from './run-program.js';

/**
 * The containers that a sender's file may be in. Everything else that ffmpeg would open is refused, above all what reads
 * other files or addresses (hls, concat, dash, sdp, image2, lavfi, tty …).
 */
const CONTAINERS = [
  'ogg', 'mov', 'mp4', 'm4a', '3gp', 'matroska', 'webm', 'mp3', 'wav', 'w64', 'aac', 'flac', 'amr', 'aiff', 'asf', 'avi',
  'caf', 'au', 'flv', 'mpeg', 'mpegts', 'ac3', 'eac3', 'dts', 'ape', 'wv', 'tta', 'mpc', 'mpc8', 'gsm',
].join(','); // prettier-ignore

/**
 * The decoders that a sender's file may need: those for sound in the containers above. ffmpeg would open a video's first
 * pictures too, to learn of its streams, though nobody wants them: a cover of 400 kB can unpack to a gigabyte. For
 * ffmpeg alone: ffprobe ends with an error where a stream has no decoder.
 */
export const DECODERS = [
  'opus', 'libopus', 'vorbis', 'libvorbis', 'speex', 'libspeex', 'aac', 'aac_fixed', 'aac_latm', 'libfdk_aac', 'mp3float', 'mp3',
  'mp2float', 'mp2', 'mp1float', 'mp1', 'flac', 'alac', 'amrnb', 'amrwb', 'libopencore_amrnb', 'libopencore_amrwb', 'ac3', 'ac3_fixed',
  'eac3', 'dca', 'truehd', 'mlp', 'ape', 'wavpack', 'tta', 'mpc7', 'mpc8', 'gsm', 'gsm_ms', 'libgsm', 'libgsm_ms', 'ilbc', 'libilbc',
  'qcelp', 'wmav1', 'wmav2', 'wmapro', 'wmalossless', 'wmavoice', 'nellymoser', 'g722', 'g726', 'g726le', 'truespeech', 'qdm2', 'qdmc',
  'mace3', 'mace6', 'adpcm_ms', 'adpcm_ima_wav', 'adpcm_ima_qt', 'adpcm_swf', 'adpcm_yamaha', 'pcm_alaw', 'pcm_mulaw', 'pcm_dvd',
  'pcm_bluray', 'pcm_u8', 'pcm_s8', 'pcm_s16le', 'pcm_s16be', 'pcm_u16le', 'pcm_u16be', 'pcm_s24le', 'pcm_s24be', 'pcm_s32le',
  'pcm_s32be', 'pcm_f32le', 'pcm_f32be', 'pcm_f64le', 'pcm_f64be',
].join(','); // prettier-ignore

/** The largest piece of memory that ffmpeg may ask for at once; hours of sound need a few hundred kB. */
const MAX_ALLOCATION_BYTES = 64 * 1024 * 1024;

export const FFMPEG_REMEDY = 'Install ffmpeg (it has ffprobe with it), for example: apt-get install ffmpeg';

/** What ffmpeg and ffprobe are told about any input file, so that it can be nothing but one audio or video file. */
export function inputArguments(path: string): string[] {
  // `file:` takes the name literally: without it `concat:a|b` or `http://…` would be an address.
  const only = ['-protocol_whitelist', 'file', '-format_whitelist', CONTAINERS];
  return ['-max_alloc', String(MAX_ALLOCATION_BYTES), ...only, '-i', `file:${resolve(path)}`];
}

const probeAnswer = z.object({ streams: z.array(z.object({ codec_type: z.string().optional() })).default([]) });

/**
 * Resolves when `path` is a file with an audio track. `PermanentError`: `broken-audio` where it is no audio or video file
 * that we take, `no-audio` where it is one without sound.
 */
export async function probeAudio(path: string, timeoutMs: number, signal: AbortSignal): Promise<void> {
  let json = '';
  const args = ['-hide_banner', '-loglevel', 'error', '-show_entries', 'stream=codec_type', '-of', 'json'];
  try {
    await runProgram(
      {
        program: 'ffprobe',
        args: [...args, ...inputArguments(path)],
        timeoutMs,
        remedy: FFMPEG_REMEDY,
        onOutput: async (output) => {
          json = await text(output);
        },
      },
      signal,
    );
  } catch (error) {
    throw asBrokenAudio(error);
  }
  const { streams } = probeAnswer.parse(JSON.parse(json));
  if (streams.length === 0) throw new PermanentError('broken-audio', 'the file has no streams');
  if (!streams.some((stream) => stream.codec_type === 'audio')) {
    throw new PermanentError('no-audio', 'the file has no audio track');
  }
}

/** A program that failed on the file becomes `PermanentError('broken-audio')`; anything else stays what it is. */
export function asBrokenAudio(error: unknown): unknown {
  if (!(error instanceof ProgramError)) return error;
  const what = error instanceof ProgramTimeoutError ? 'the file takes too long to read' : 'the file cannot be decoded';
  return new PermanentError('broken-audio', what, { cause: error });
}

/** A folder, a pipe or a device would be an error late or never; an empty file has a clearer message than ffmpeg's. */
export async function requireFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw new PermanentError('broken-audio', 'the file cannot be opened', { cause: error });
  });
  if (!found.isFile()) throw new PermanentError('broken-audio', 'it is not a file');
  if (found.size === 0) throw new PermanentError('broken-audio', 'the file is empty');
}
