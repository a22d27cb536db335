import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '../../media/decode-audio.js';
import { pcmFileDurationMs, readWindow } from '../../media/pcm-file.js';
import { asBrokenAudio, FFMPEG_REMEDY, inputArguments } from '../../media/probe-audio.js';
import { runProgram } from '../../media/run-program.js';
import { barsOf, packBars } from './waveform.js';

/** What a messenger's client sends as a voice message or a video note. */
export interface VoiceNote {
  bytes: Buffer;
  durationSec: number;
  waveform: Buffer;
}

const TIMEOUT_MS = 60_000;
const LIMITS = { maxDurationMs: 30 * 60_000, timeoutMs: TIMEOUT_MS };
/** As Telegram's own clients record. */
const VOICE_CODING = ['-vn', '-ac', '1', '-ar', '48000', '-c:a', 'libopus', '-b:a', '32k', '-application', 'voip', '-f', 'ogg'];
/** A round picture that moves with the voice: a slow gradient and the sound's wave over it. */
const PICTURE = [
  'gradients=s=384x384:c0=0x2c5364:c1=0x4fb3a5:c2=0x8e7bd8:n=3:speed=0.02:r=25[ground]',
  '[0:a]showwaves=s=384x150:mode=cline:scale=sqrt:rate=25:colors=white@0.85[wave]',
  '[ground][wave]overlay=0:117:shortest=1,format=yuv420p[picture]',
].join(';');
const VIDEO_CODING = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '28', '-c:a', 'aac', '-b:a', '64k', '-movflags', '+faststart'];

/**
 * A voice message made of any recording (what the browser's microphone gives is WebM or MP4).
 * @throws PermanentError where it is no sound that ffmpeg takes.
 */
export function recodeAsVoice(recording: Buffer, folder: string, signal: AbortSignal): Promise<VoiceNote> {
  return withFiles(folder, async (file) => {
    const input = file('recording');
    const output = file('voice.ogg');
    await writeFile(input, recording);
    await ffmpeg([...inputArguments(input), ...VOICE_CODING, output], signal);
    return describeVoice(await readFile(output), folder, signal);
  });
}

/** Several recordings in a row as one voice message. */
export function joinAsVoice(paths: readonly string[], folder: string, signal: AbortSignal): Promise<VoiceNote> {
  return withFiles(folder, async (file) => {
    const output = file('voice.ogg');
    const join = ['-filter_complex', `concat=n=${paths.length}:v=0:a=1`];
    await ffmpeg([...paths.flatMap(inputArguments), ...join, ...VOICE_CODING, output], signal);
    return describeVoice(await readFile(output), folder, signal);
  });
}

/** A round video with this sound. */
export function videoNoteOf(voice: VoiceNote, folder: string, signal: AbortSignal): Promise<VoiceNote> {
  return withFiles(folder, async (file) => {
    const input = file('sound.ogg');
    const output = file('video-note.mp4');
    await writeFile(input, voice.bytes);
    const pictured = ['-filter_complex', PICTURE, '-map', '[picture]', '-map', '0:a', '-shortest'];
    await ffmpeg([...inputArguments(input), ...pictured, ...VIDEO_CODING, '-f', 'mp4', output], signal);
    return { ...voice, bytes: await readFile(output) };
  });
}

/** The voice message as it is, with its length and waveform. @throws PermanentError where it cannot be decoded. */
export function describeVoice(bytes: Buffer, folder: string, signal: AbortSignal): Promise<VoiceNote> {
  return withFiles(folder, async (file) => {
    const input = file('voice.ogg');
    await writeFile(input, bytes);
    const pcm = await decodeAudio(input, file('voice.pcm'), LIMITS, signal);
    const durationMs = pcmFileDurationMs(pcm);
    const { samples } = await readWindow(pcm, 0, durationMs);
    return { bytes, durationSec: durationMs / 1000, waveform: packBars(barsOf(samples)) };
  });
}

async function ffmpeg(args: readonly string[], signal: AbortSignal): Promise<void> {
  const run = {
    program: 'ffmpeg',
    args: ['-nostdin', '-hide_banner', '-loglevel', 'error', ...args],
    timeoutMs: TIMEOUT_MS,
    remedy: FFMPEG_REMEDY,
    onOutput: async (output: NodeJS.ReadableStream) => {
      for await (const _ of output) continue;
    },
  };
  try {
    await runProgram(run, signal);
  } catch (error) {
    throw asBrokenAudio(error);
  }
}

/** Hands out names in the folder that nobody else has, and removes their files in the end. */
async function withFiles<T>(folder: string, work: (file: (name: string) => string) => Promise<T>): Promise<T> {
  const paths: string[] = [];
  try {
    return await work((name) => {
      const path = join(folder, `${randomUUID()}-${name}`);
      paths.push(path);
      return path;
    });
  } finally {
    await Promise.all(paths.map((path) => rm(path, { force: true })));
  }
}
