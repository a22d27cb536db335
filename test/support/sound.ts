import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from './temporary-folder.js';

const run = promisify(execFile);
const clips = fileURLToPath(new URL('../../src/speech/bundled/clips/', import.meta.url));

/** Bundled clips one after the other, `times` times over, as one Ogg/Opus voice note. */
export async function joinedClips(files: string[], times: number): Promise<Buffer> {
  const folder = await temporaryFolder();
  const list = Array.from({ length: times }, () => files.map((file) => `file '${join(clips, file)}'`)).flat();
  await writeFile(join(folder, 'list.txt'), list.join('\n'));
  const output = join(folder, 'joined.ogg');
  const input = ['-f', 'concat', '-safe', '0', '-i', join(folder, 'list.txt')];
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input, '-c:a', 'libopus', '-b:a', '24k', output]);
  return readFile(output);
}

/** A round video of a clip, as Telegram's video notes are: H.264 and AAC in MP4. */
export async function videoNoteOf(file: string): Promise<Buffer> {
  const output = join(await temporaryFolder(), 'note.mp4');
  const picture = ['-f', 'lavfi', '-i', 'color=c=gray:s=240x240:r=10'];
  const coding = ['-shortest', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...picture, '-i', join(clips, file), ...coding, output]);
  return readFile(output);
}

/** Silence as a voice note. */
export async function silence(seconds: number): Promise<Buffer> {
  const output = join(await temporaryFolder(), 'silence.ogg');
  const input = ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono', '-t', String(seconds)];
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...input, '-c:a', 'libopus', output]);
  return readFile(output);
}
