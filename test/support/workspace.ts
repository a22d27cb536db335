import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

export const bundledDir = fileURLToPath(new URL('../../src/speech/bundled/', import.meta.url));

export interface Clip {
  file: string;
  path: string;
  language: string;
  text: string;
  durationSec: number;
  segments: { start: number; end: number; text: string }[];
}

/** The 12 bundled voice notes with what is said in them. */
export async function bundledClips(): Promise<Clip[]> {
  const json = await readFile(join(bundledDir, 'clips', 'clips.json'), 'utf8');
  return (JSON.parse(json) as Omit<Clip, 'path'>[]).map((clip) => ({ ...clip, path: join(bundledDir, 'clips', clip.file) }));
}

/** An empty folder that is removed when the running test is over. */
export async function testFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs ffmpeg to make a test file, quietly. */
export async function ffmpeg(...args: string[]): Promise<void> {
  await run('ffmpeg', ['-nostdin', '-hide_banner', '-loglevel', 'error', '-y', ...args]);
}

/** The command lines of all processes of this machine that mention `needle`. */
export async function processesWith(needle: string): Promise<string[]> {
  const { stdout } = await run('ps', ['-eo', 'stat=,args=', '-ww'], { maxBuffer: 1 << 24 });
  return stdout.split('\n').filter((line) => line.includes(needle) && !line.startsWith('Z'));
}
