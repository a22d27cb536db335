import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { PermanentError } from '../../src/errors.js';
import { decodeAudio, type DecodeLimits } from '../../src/media/decode-audio.js';
import { pcmFileDurationMs, readWindow, type PcmFile } from '../../src/media/pcm-file.js';
import { bundledClips, ffmpeg, processesWith, testFolder } from '../support/workspace.js';

const limits: DecodeLimits = { maxDurationMs: 3_600_000, timeoutMs: 60_000 };
const never = new AbortController().signal;

async function decode(input: string, given: Partial<DecodeLimits> = {}, signal = never): Promise<PcmFile> {
  return decodeAudio(input, join(await testFolder(), 'out.pcm'), { ...limits, ...given }, signal);
}

async function reasonOf(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(PermanentError);
  return (error as PermanentError).reason;
}

/** Loudest sample in a part of the file. */
async function peak(file: PcmFile, startMs: number, endMs: number): Promise<number> {
  const { samples } = await readWindow(file, startMs, endMs);
  return samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
}

describe('decodeAudio', () => {
  it('gives each bundled clip its true length and its sound', async () => {
    for (const clip of await bundledClips()) {
      const file = await decode(clip.path);
      expect(Math.abs(pcmFileDurationMs(file) - clip.durationSec * 1000), clip.file).toBeLessThan(40);
      expect(await peak(file, 0, clip.durationSec * 1000), clip.file).toBeGreaterThan(3000);
    }
  });

  it('takes the sound out of a video, whatever the container', async () => {
    const folder = await testFolder();
    const sources = ['-f', 'lavfi', '-i', 'testsrc=d=2:s=64x64', '-f', 'lavfi', '-i', 'sine=d=2'];
    for (const name of ['a.mp4', 'a.webm', 'a.mkv', 'a.mov', 'a.mp3', 'a.wav', 'a.flac', 'a.m4a', 'a.avi', 'a.aac', 'a.ts']) {
      await ffmpeg(...sources, '-shortest', join(folder, name));
      expect(Math.abs(pcmFileDurationMs(await decode(join(folder, name))) - 2000), name).toBeLessThan(120);
    }
  });

  it('gives what there is of a file that was cut off in the middle', async () => {
    const [clip] = (await bundledClips()).sort((a, b) => b.durationSec - a.durationSec);
    const bytes = await readFile(clip!.path);
    const cut = join(await testFolder(), 'cut.ogg');
    await writeFile(cut, bytes.subarray(0, Math.floor(bytes.length * 0.6)));
    const ms = pcmFileDurationMs(await decode(cut));
    expect(ms).toBeGreaterThan(clip!.durationSec * 300);
    expect(ms).toBeLessThan(clip!.durationSec * 900);
  });

  it('reads on where one Ogg stream is chained to another', async () => {
    const [a, b] = await bundledClips();
    const chained = join(await testFolder(), 'chained.ogg');
    await writeFile(chained, Buffer.concat([await readFile(a!.path), await readFile(b!.path)]));
    const file = await decode(chained);
    expect(Math.abs(pcmFileDurationMs(file) - (a!.durationSec + b!.durationSec) * 1000)).toBeLessThan(80);
    expect(await peak(file, a!.durationSec * 1000, pcmFileDurationMs(file))).toBeGreaterThan(3000);
  });

  it('believes the sound, not the length that a header claims', async () => {
    const folder = await testFolder();
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=3', join(folder, 'a.wav'));
    const bytes = await readFile(join(folder, 'a.wav'));
    bytes.writeUInt32LE(0x7fff_fff0, bytes.indexOf('data') + 4);
    await writeFile(join(folder, 'a.wav'), bytes);
    expect(pcmFileDurationMs(await decode(join(folder, 'a.wav'), { maxDurationMs: 10_000 }))).toBe(3000);
  });

  it('refuses sound that is longer than allowed and leaves no file', async () => {
    const folder = await testFolder();
    await ffmpeg('-f', 'lavfi', '-i', 'sine=d=5', join(folder, 'a.ogg'));
    const out = join(folder, 'out.pcm');
    const attempt = decodeAudio(join(folder, 'a.ogg'), out, { ...limits, maxDurationMs: 4000 }, never);
    expect(await reasonOf(attempt)).toBe('too-long');
    expect(existsSync(out)).toBe(false);
    expect(pcmFileDurationMs(await decode(join(folder, 'a.ogg'), { maxDurationMs: 5100 }))).toBeGreaterThan(4900);
  });

  it('says that a video without sound has no audio', async () => {
    const video = join(await testFolder(), 'mute.mp4');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', video);
    expect(await reasonOf(decode(video))).toBe('no-audio');
  });

  it('calls random bytes, an empty file, a text and a picture broken', async () => {
    const folder = await testFolder();
    const files: Record<string, Buffer | string> = {
      'empty.ogg': '',
      'text.ogg': 'hello, this is only text\n'.repeat(50),
      'head.ogg': (await readFile((await bundledClips())[0]!.path)).subarray(0, 60),
      ...Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`random-${n}.ogg`, randomBytes(20_000)])),
    };
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-frames:v', '1', join(folder, 'picture.png'));
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    for (const name of [...Object.keys(files), 'picture.png']) {
      expect(await reasonOf(decode(join(folder, name))), name).toBe('broken-audio');
    }
  });

  it('refuses a folder, a pipe and a missing file at once', async () => {
    const folder = await testFolder();
    await mkdir(join(folder, 'folder.ogg'));
    execFileSync('mkfifo', [join(folder, 'pipe.ogg')]);
    for (const name of ['folder.ogg', 'pipe.ogg', 'missing.ogg']) {
      expect(await reasonOf(decode(join(folder, name))), name).toBe('broken-audio');
    }
  });

  it('refuses every kind of playlist that would read other files, by its content and not by its name', async () => {
    const folder = await testFolder();
    const secret = join(folder, 'secret.ogg');
    await copyFile((await bundledClips())[0]!.path, secret);
    const lists: Record<string, string> = {
      'a.m3u8': `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://${secret}\n#EXT-X-ENDLIST\n`,
      'b.ogg': `ffconcat version 1.0\nfile secret.ogg\n`,
      'c.mpd': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1"><BaseURL>secret.ogg</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      'd.ogg': `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nsecret.ogg\n#EXT-X-ENDLIST\n`,
      'e.sdp': 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n',
    };
    for (const [name, content] of Object.entries(lists)) {
      await writeFile(join(folder, name), content);
      expect(await reasonOf(decode(join(folder, name))), name).toBe('broken-audio');
    }
  });

  it('takes a name for a name, however much it looks like an option or an address', async () => {
    const folder = await testFolder();
    const [clip] = await bundledClips();
    for (const name of ['-i', 'a b\'c"; $(touch x).ogg', 'concat:a|b.ogg', 'http:x.ogg', '%03d.ogg', 'да.ogg']) {
      await copyFile(clip!.path, join(folder, name));
      expect((await decode(join(folder, name))).sampleCount, name).toBeGreaterThan(0);
    }
  });

  it('stops ffmpeg when aborted, tells the reason and leaves no file', async () => {
    const folder = await testFolder();
    const long = join(folder, 'long.flac');
    await ffmpeg('-f', 'lavfi', '-i', 'anoisesrc=d=1200', '-ac', '2', '-ar', '48000', '-compression_level', '0', long);
    const abort = new AbortController();
    const out = join(folder, 'out.pcm');
    const attempt = decodeAudio(long, out, limits, abort.signal);
    await vi.waitUntil(() => existsSync(out), { interval: 5, timeout: 20_000 });
    abort.abort(new Error('shutting down'));
    await expect(attempt).rejects.toThrow('shutting down');
    expect(await processesWith(long)).toEqual([]);
    expect(existsSync(out)).toBe(false);
  });

  it('gives up on a file that takes longer than allowed', async () => {
    const folder = await testFolder();
    const long = join(folder, 'long.flac');
    await ffmpeg('-f', 'lavfi', '-i', 'anoisesrc=d=600', '-compression_level', '0', long);
    expect(await reasonOf(decode(long, { timeoutMs: 1 }))).toBe('broken-audio');
    expect(await processesWith(long)).toEqual([]);
  });

  it('does not start for a signal that is already aborted', async () => {
    const [clip] = await bundledClips();
    await expect(decode(clip!.path, {}, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });
});
