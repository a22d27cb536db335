import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, expect, onTestFinished, test, vi, type TestContext } from 'vitest';
import { NoSpaceError, PermanentError } from '../../src/errors.js';
import { decodeAudio } from '../../src/media/decode-audio.js';
import { pcmFileDurationMs } from '../../src/media/pcm-file.js';
import { clip } from '../support/clips.js';
import { tried, twoAtATime } from '../support/hostile-inputs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = promisify(execFile);
const never = new AbortController().signal;
const limits = { maxDurationMs: 60_000, timeoutMs: 60_000 };

/** A second of sound in each container and codec that a person's file may come in, made once. */
const seeds = new Map<string, Buffer>();
const RECIPES: Record<string, string[]> = {
  'opus.ogg': ['-c:a', 'libopus', '-b:a', '16k'],
  'flac.ogg': ['-c:a', 'flac', '-f', 'ogg'],
  'a.mp3': ['-c:a', 'libmp3lame', '-b:a', '32k'],
  'a.m4a': ['-c:a', 'aac', '-b:a', '24k'],
  'alac.m4a': ['-c:a', 'alac'],
  'a.wav': ['-c:a', 'pcm_s16le', '-ar', '8000'],
  'adpcm.wav': ['-c:a', 'adpcm_ms', '-ar', '8000'],
  'a.w64': ['-c:a', 'pcm_s16le', '-ar', '8000'],
  'a.flac': ['-c:a', 'flac', '-ar', '8000'],
  'a.webm': ['-c:a', 'libopus', '-b:a', '16k'],
  'a.mka': ['-c:a', 'libmp3lame', '-b:a', '32k', '-f', 'matroska'],
  'a.avi': ['-c:a', 'mp2', '-b:a', '32k'],
  'a.aac': ['-c:a', 'aac', '-b:a', '24k', '-f', 'adts'],
  'a.ac3': ['-c:a', 'ac3', '-b:a', '64k'],
  'a.aiff': ['-c:a', 'pcm_s16be', '-ar', '8000'],
  'a.au': ['-c:a', 'pcm_mulaw', '-ar', '8000'],
  'a.caf': ['-c:a', 'pcm_alaw', '-ar', '8000'],
  'a.wma': ['-c:a', 'wmav2', '-b:a', '32k'],
  'a.flv': ['-c:a', 'adpcm_swf', '-ar', '11025'],
  'a.ts': ['-c:a', 'mp2', '-b:a', '32k', '-f', 'mpegts'],
  'a.mpg': ['-c:a', 'mp2', '-b:a', '32k', '-f', 'mpeg'],
  'a.tta': ['-c:a', 'tta', '-ar', '8000'],
  'a.wv': ['-c:a', 'wavpack', '-ar', '8000'],
};

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gramscribe-fuzz-'));
  await twoAtATime(Object.entries(RECIPES), async ([name, codec]) => {
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1:r=48000', '-ac', '1'];
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...sound, ...codec, join(folder, name)]);
    seeds.set(name, await readFile(join(folder, name)));
  });
  const picture = ['-f', 'lavfi', '-i', 'testsrc=d=1:r=5:s=64x64', '-f', 'lavfi', '-i', 'sine=d=1', '-shortest', '-c:v', 'libx264', '-c:a', 'aac'];
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...picture, join(folder, 'note.mp4')]);
  seeds.set('note.mp4', await readFile(join(folder, 'note.mp4')));
  await rm(folder, { recursive: true, force: true });
});

interface HostileFile {
  name: string;
  bytes: Buffer;
}

/**
 * What any file must lead to: sound of a believable length, or a refusal with a reason for the person; and nothing else
 * is in the folder afterwards.
 */
async function endsWell(ctx: TestContext, folder: string, { name, bytes }: HostileFile): Promise<string> {
  tried(ctx);
  const input = join(folder, `in-${ctx.task.meta.hostileInputs ?? 0}`);
  const output = `${input}.pcm`;
  await writeFile(input, bytes);
  try {
    const sound = await decodeAudio(input, output, limits, never);
    const ms = pcmFileDurationMs(sound);
    expect(ms, name).toBeGreaterThan(0);
    expect(ms, name).toBeLessThanOrEqual(limits.maxDurationMs);
    return 'sound';
  } catch (error) {
    expect(error, `${name}: ${String(error)}`).toBeInstanceOf(PermanentError);
    expect(existsSync(output), name).toBe(false);
    return (error as PermanentError).reason;
  }
}

async function allEndWell(ctx: TestContext, files: readonly HostileFile[]): Promise<Map<string, string>> {
  const folder = await temporaryFolder();
  const ends = new Map<string, string>();
  await twoAtATime(files, async (file) => void ends.set(file.name, await endsWell(ctx, folder, file)));
  return ends;
}

/** Draws that are the same every time: see fixed-seed.ts. */
function draws<T>(arbitrary: fc.Arbitrary<T>, count: number): T[] {
  return fc.sample(arbitrary, count);
}

test('each container is written down when it is whole', async (ctx) => {
  const ends = await allEndWell(ctx, [...seeds].map(([name, bytes]) => ({ name, bytes })));
  expect([...ends].filter(([, end]) => end !== 'sound')).toEqual([]);
});

test('a file that breaks off anywhere, in any container, is heard up to there or refused', async (ctx) => {
  const files = [...seeds].flatMap(([name, bytes]) =>
    [12, 40, Math.floor(bytes.length / 2)].map((length) => ({
      name: `${name} cut at ${length}`,
      bytes: bytes.subarray(0, length),
    })),
  );
  await allEndWell(ctx, files);
});

test('flipped bits, in headers above all, never end in anything but sound or a refusal', async (ctx) => {
  const files = [...seeds].flatMap(([name, bytes]) =>
    draws(fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { minLength: 1, maxLength: 40 }), 2).map((flips, n) => {
      const changed = Buffer.from(bytes);
      // Squared: half of all flips fall into the first quarter, where headers are.
      for (const [where, value] of flips) changed[Math.floor(where ** 2 * (bytes.length - 1))] = value;
      return { name: `${name} with ${flips.length} changed bytes (${n})`, bytes: changed };
    }),
  );
  await allEndWell(ctx, files);
});

test('the head of one file on the body of another is sound or a refusal', async (ctx) => {
  const names = [...seeds.keys()];
  const files = draws(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.integer({ min: 8, max: 2000 })), 20).map(
    ([one, other, at]) => ({
      name: `${one} up to ${at}, then ${other}`,
      bytes: Buffer.concat([seeds.get(one)!.subarray(0, at), seeds.get(other)!.subarray(at)]),
    }),
  );
  await allEndWell(ctx, files);
});

interface WavLies {
  rate: number;
  channels: number;
  bits: number;
  format: number;
  claimedBytes: number;
}

function wav({ rate, channels, bits, format, claimedBytes }: WavLies, body = Buffer.alloc(64_000, 1)): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(claimedBytes, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(format, 20);
  head.writeUInt16LE(channels, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(Math.floor((rate * channels * bits) / 8) % 2 ** 32, 28);
  head.writeUInt16LE(Math.floor((channels * bits) / 8) % 2 ** 16, 32);
  head.writeUInt16LE(bits, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(claimedBytes, 40);
  return Buffer.concat([head, body]);
}

test('headers that lie about rate, channels, bits and length are sound or a refusal', async (ctx) => {
  const lies = draws(
    fc.record<WavLies>({
      rate: fc.constantFrom(0, 1, 7, 100, 8000, 44_100, 192_001, 15_999_989, 0x7fffffff, 0xffffffff),
      channels: fc.constantFrom(0, 1, 2, 3, 8, 64, 255, 65_535),
      bits: fc.constantFrom(0, 1, 4, 8, 16, 24, 32, 64, 65_535),
      format: fc.constantFrom(0, 1, 2, 3, 6, 7, 17, 49, 85, 255, 353, 0xfffe, 0xffff),
      claimedBytes: fc.constantFrom(0, 1, 64_000, 0x7fffffff, 0xffffffff),
    }),
    24,
  );
  await allEndWell(ctx, lies.map((lie) => ({ name: JSON.stringify(lie), bytes: wav(lie) })));
});

test('what is no sound at all is refused, whatever it pretends to be', async (ctx) => {
  const things: HostileFile[] = [
    ...draws(fc.uint8Array({ minLength: 1, maxLength: 4000 }), 8).map((bytes, n) => ({ name: `random ${n}`, bytes: Buffer.from(bytes) })),
    ...['OggS', 'RIFF\0\0\0\0WAVE', 'fLaC', 'ID3\x04\0\0\0\0\0\0', '\x1aE\xdf\xa3', '#!AMR\n', '\0\0\0\x1cftypisom', 'FORM\0\0\0\0AIFF', 'FLV\x01', '.snd'].map(
      (head) => ({ name: `only ${JSON.stringify(head)}`, bytes: Buffer.from(head, 'latin1') }),
    ),
    { name: 'zeros', bytes: Buffer.alloc(100_000) },
    { name: 'ones', bytes: Buffer.alloc(10_000, 0xff) },
    { name: 'zip bomb', bytes: Buffer.from('UEsDBBQAAAAIAAAAIQAAAAAAAAAAAAAAAAAFAAAAYS5vZ2c=', 'base64') },
    { name: 'gzip', bytes: Buffer.from('H4sIAAAAAAAAA+3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA', 'base64') },
    { name: 'html', bytes: Buffer.from('<!doctype html><title>portal</title>') },
    { name: 'srt', bytes: Buffer.from('1\n00:00:00,000 --> 00:00:01,000\nhello\n') },
    { name: 'ass', bytes: Buffer.from('[Script Info]\nScriptType: v4.00+\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,,,,,,x\n') },
    { name: 'vtt', bytes: Buffer.from('WEBVTT\n\n00:00.000 --> 00:01.000\nx\n') },
    { name: 'svg', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>') },
    { name: 'gif', bytes: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64') },
    { name: 'png', bytes: blankPng(8) },
    { name: 'script', bytes: Buffer.from('#!/bin/sh\ntouch /tmp/owned\n') },
    { name: 'text', bytes: Buffer.from('‮hello '.repeat(200)) },
  ];
  const ends = await allEndWell(ctx, things);
  expect([...ends].filter(([, end]) => end === 'sound')).toEqual([]);
});

test('no list of files makes it read another file or knock at an address', async (ctx) => {
  const folder = await temporaryFolder();
  const secret = join(folder, 'secret.ogg');
  await writeFile(secret, clip('04-en.ogg').bytes);
  const knocks: string[] = [];
  const server = createServer((socket) => {
    knocks.push('tcp');
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const places = [
    'secret.ogg', `file:${secret}`, `http://127.0.0.1:${port}/a.ogg`, `tcp://127.0.0.1:${port}`,
    `concat:${secret}|${secret}`, `subfile,,start,0,end,0,,:${secret}`,
    `data:audio/ogg;base64,${clip('04-en.ogg').bytes.subarray(0, 200).toString('base64')}`,
  ]; // prettier-ignore
  const shapes: ((place: string) => string)[] = [
    (place) => `#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${place}\n#EXT-X-ENDLIST\n`,
    (place) => `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,URI="${place}",GROUP-ID="a"\n#EXT-X-STREAM-INF:AUDIO="a"\n${place}\n`,
    (place) => `ffconcat version 1.0\nfile '${place}'\n`,
    (place) => `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1"><BaseURL>${place}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    (place) => `[Reference]\nRef1=${place}\n`,
    (place) => `<asx version="3.0"><entry><ref href="${place}"/></entry></asx>`,
    (place) => `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio ${port} RTP/AVP 0\na=${place}\n`,
    (place) => `;FFMETADATA1\ntitle=${place}\n`,
  ];
  const lists = shapes.flatMap((shape, n) => places.map((place) => ({ name: `list ${n} of ${place.slice(0, 40)}`, bytes: Buffer.from(shape(place)) })));
  const inputs = await temporaryFolder();
  await writeFile(join(inputs, 'secret.ogg'), clip('04-en.ogg').bytes);
  await twoAtATime(lists, async (list) => {
    expect(await endsWell(ctx, inputs, list), list.name).toBe('broken-audio');
  });
  server.close();
  expect(knocks).toEqual([]);
});

test('a QuickTime file that names another file for its data does not get it', async (ctx) => {
  const folder = await temporaryFolder();
  const other = join(folder, 'other.raw');
  await writeFile(other, Buffer.alloc(200_000, 7));
  const whole = seeds.get('alac.m4a')!;
  const self = whole.indexOf(Buffer.from('url \0\0\0\x01', 'latin1'));
  expect(self).toBeGreaterThan(0);
  for (const [kind, target] of [['url ', `file://${other}`], ['url ', other], ['alis', other]] as const) {
    const changed = Buffer.from(whole);
    changed.write(`${kind}\0\0\0\0`, self, 'latin1');
    changed.write(target.slice(0, 60), self + 8, 'latin1');
    expect(['sound', 'broken-audio', 'no-audio']).toContain(await endsWell(ctx, folder, { name: target, bytes: changed }));
  }
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

/** A grey square that is a few kB packed and `side`² bytes unpacked. */
function blankPng(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header[8] = 8;
  const picture = deflateSync(Buffer.alloc((side + 1) * side));
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', header), chunk('IDAT', picture), chunk('IEND', Buffer.alloc(0))]);
}

function syncSafe(size: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (size >> shift) & 127));
}

/** An MP3 with a cover. */
function withCover(mp3: Buffer, cover: Buffer): Buffer {
  const picture = Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), cover]);
  const frame = Buffer.concat([Buffer.from('APIC'), syncSafe(picture.length), Buffer.alloc(2), picture]);
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), syncSafe(frame.length), frame, mp3]);
}

test('a cover that would unpack to hundreds of megabytes is not unpacked, and the sound is heard', async (ctx) => {
  tried(ctx);
  const folder = await temporaryFolder();
  const { stdout: real } = await run('sh', ['-c', 'command -v ffmpeg']);
  const said = join(folder, 'said');
  await writeFile(join(folder, 'ffmpeg'), `#!/bin/sh\nexec ${real.trim()} "$@" 2>>${said}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  const bytes = withCover(seeds.get('a.mp3')!, blankPng(16_000));
  expect(await endsWell(ctx, folder, { name: 'cover', bytes })).toBe('sound');
  // Without a decoder for pictures nothing can be unpacked.
  expect(await readFile(said, 'utf8')).toContain('Codec (png) not on whitelist');
});

test('a rate of one sample a second does not become gigabytes of sound', async (ctx) => {
  const bytes = wav({ rate: 1, channels: 1, bits: 16, format: 1, claimedBytes: 64_000 });
  expect(await endsWell(ctx, await temporaryFolder(), { name: 'one hertz', bytes })).toBe('broken-audio');
});

test('a disk that is full says so as what it is, and not as a broken voice', async (ctx) => {
  tried(ctx);
  const folder = await temporaryFolder();
  const input = join(folder, 'good.ogg');
  await writeFile(input, clip('04-en.ogg').bytes);
  await symlink('/dev/full', join(folder, 'out.pcm'));
  await expect(decodeAudio(input, join(folder, 'out.pcm'), limits, never)).rejects.toBeInstanceOf(NoSpaceError);
});
