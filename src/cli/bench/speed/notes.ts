import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeAudio } from '../../../media/decode-audio.js';
import { msToSamples } from '../../../media/pcm.js';
import { readWindow } from '../../../media/pcm-file.js';
import { encodeWav } from '../../../media/wav.js';
import { recodeAsVoice } from '../../../sandbox/demo/voice-note.js';
import { bundledSpeechDir } from '../../../setup/paths.mjs';
import type { Note } from './contender.js';

const LIMITS = { maxDurationMs: 3_600_000, timeoutMs: 60_000 };

/** Notes of exactly these lengths: the bundled clips one after the other, real speech with its pauses, coded as Telegram does. */
export async function makeNotes(lengths: readonly number[], folder: string, signal: AbortSignal): Promise<Note[]> {
  const clips = await readClips(folder, signal);
  const notes: Note[] = [];
  for (const seconds of lengths) {
    const samples = new Int16Array(msToSamples(seconds * 1000));
    for (let at = 0, clip = 0; at < samples.length; clip += 1) {
      const sound = clips[clip % clips.length] ?? new Int16Array(samples.length);
      samples.set(sound.subarray(0, samples.length - at), at);
      at += sound.length;
    }
    const [wavPath, voicePath] = [join(folder, `note-${seconds}.wav`), join(folder, `note-${seconds}.ogg`)];
    const wav = encodeWav({ samples });
    await writeFile(wavPath, wav);
    await writeFile(voicePath, (await recodeAsVoice(wav, folder, signal)).bytes);
    notes.push({ seconds, wavPath, voicePath });
  }
  return notes;
}

async function readClips(folder: string, signal: AbortSignal): Promise<Int16Array[]> {
  const clipsDir = join(bundledSpeechDir, 'clips');
  const clips: Int16Array[] = [];
  for (const file of (await readdir(clipsDir)).filter((name) => name.endsWith('.ogg')).sort()) {
    const sound = await decodeAudio(join(clipsDir, file), join(folder, 'clip.pcm'), LIMITS, signal);
    clips.push((await readWindow(sound, 0, LIMITS.maxDurationMs)).samples);
  }
  return clips;
}
