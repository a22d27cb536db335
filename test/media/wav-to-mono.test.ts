import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { decodeAudio } from '../../src/media/decode-audio.js';
import { readWindow } from '../../src/media/pcm-file.js';
import { StereoDownmix } from '../../src/media/stereo-downmix.js';
import { WavToMono } from '../../src/media/wav-to-mono.js';
import { ffmpeg, testFolder } from '../support/workspace.js';

const limits = { maxDurationMs: 60_000, timeoutMs: 60_000 };
const never = new AbortController().signal;
const tone = (frequency: number, level = 0.3) => `${level}*sin(2*PI*${frequency}*t)`;

/** RMS of what becomes of a sound that ffmpeg makes, of full scale; the length must be right. */
async function loudness(source: string, coding: string[] = [], name = 'a.wav'): Promise<number> {
  const folder = await testFolder();
  await ffmpeg('-f', 'lavfi', '-i', source, ...coding, join(folder, name));
  const file = await decodeAudio(join(folder, name), join(folder, 'a.pcm'), limits, never);
  const { samples } = await readWindow(file, 0, 60_000);
  expect(Math.abs(samples.length - 16_000), source).toBeLessThan(400);
  return Math.sqrt(samples.reduce((sum, sample) => sum + (sample / 32_768) ** 2, 0) / samples.length);
}

describe('what is not mono at 16 kHz', () => {
  it('is as loud as it was, whatever its rate and its channels; one that is the other upside down is no silence', async () => {
    const sources: [string, number, string[]?, string?][] = [
      [`aevalsrc='${tone(300)}|-${tone(300)}':d=1:s=48000`, 0.212],
      [`aevalsrc='${tone(300)}|-${tone(300, 0.25)}':d=1:s=44100`, 0.194],
      [`aevalsrc='${tone(300)}|${tone(300)}':d=1:s=48000`, 0.212],
      [`aevalsrc='${tone(300)}|0':d=1:s=48000`, 0.106],
      [`aevalsrc='0|${tone(300)}':d=1:s=48000`, 0.106],
      [`aevalsrc='${tone(300)}':d=1:s=8000`, 0.212],
      [`aevalsrc='${tone(300)}':d=1:s=96000`, 0.212],
      [`aevalsrc='${tone(300)}|0|${tone(300)}|0|0|0':d=1:s=48000:c=5.1`, 0.1, ['-c:a', 'aac'], 'a.m4a'],
      [`aevalsrc='${tone(300)}':d=1:s=16000`, 0.212, ['-c:a', 'pcm_f64le']],
    ];
    for (const [source, wanted, coding, name] of sources) {
      const found = await loudness(source, coding, name);
      expect(Math.abs(found - wanted), `${source}: ${found}`).toBeLessThan(0.03);
    }
  });

  it('is finite where a sender writes NaN and infinity', async () => {
    const folder = await testFolder();
    await ffmpeg('-f', 'lavfi', '-i', `aevalsrc='${tone(300)}':d=1:s=48000`, '-c:a', 'pcm_f32le', join(folder, 'good.wav'));
    const bytes = await readFile(join(folder, 'good.wav'));
    const data = bytes.indexOf('data') + 8;
    for (let at = data + 40_000; at < data + 44_000; at += 4) bytes.writeFloatLE([NaN, Infinity, -Infinity, 3e38][(at >> 2) % 4]!, at);
    await writeFile(join(folder, 'bad.wav'), bytes);
    const [good, bad] = await Promise.all(
      ['good', 'bad'].map(async (name) => (await readWindow(await decodeAudio(join(folder, `${name}.wav`), join(folder, `${name}.pcm`), limits, never), 0, 1000)).samples),
    );
    expect(bad!.length).toBe(good!.length);
    // Half a second later nothing is left of it.
    expect([...bad!.subarray(12_000)]).toEqual([...good!.subarray(12_000)]);
  });
});

describe('WavToMono', () => {
  it('takes pieces of any size', async () => {
    const wav = Buffer.alloc(44 + 4 * 1000);
    wav.writeUInt16LE(2, 22);
    for (let at = 0; at < 1000; at += 1) wav.writeInt32LE((at & 0xff) * 0x10001, 44 + 4 * at);
    const whole = await buffer(Readable.from([wav]).pipe(new WavToMono()));
    expect(whole.length).toBe(2000);
    expect(whole.readInt16LE(2 * 77)).toBe(77);
    for (const size of [1, 3, 43, 45, 999]) {
      const pieces = Array.from({ length: Math.ceil(wav.length / size) }, (_, at) => wav.subarray(at * size, (at + 1) * size));
      expect((await buffer(Readable.from(pieces).pipe(new WavToMono()))).equals(whole), String(size)).toBe(true);
    }
  });
});

describe('StereoDownmix', () => {
  it('stays within full scale, and turns a channel only as long as both cancel each other', () => {
    const pairs = (left: number, right: number, count = 16_000): Int16Array => Int16Array.from({ length: 2 * count }, (_, at) => (at % 2 === 0 ? left : right));
    const downmix = new StereoDownmix();
    expect(downmix.mix(pairs(32_767, -32_768))[0]).toBe(32_767);
    expect(downmix.mix(pairs(0, 0)).every((sample) => sample === 0)).toBe(true);
    expect(downmix.mix(pairs(1000, 1000, 32_000)).at(-1)).toBe(1000);
    expect(downmix.mix(pairs(-32_768, -32_768)).at(-1)).toBe(-32_768);
  });
});
