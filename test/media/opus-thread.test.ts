import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { decodeAudio } from '../../src/media/decode-audio.js';
import { OpusThread, type OpusThreadOptions } from '../../src/media/opus-thread.js';
import { openPcmFile, readWindow, type PcmFile } from '../../src/media/pcm-file.js';
import { silentLog } from '../support/silent-log.js';
import '../support/fixed-seed.js';
import { oggFile, oggPackets, opusFile } from '../support/ogg.js';
import { bundledClips, ffmpeg, testFolder } from '../support/workspace.js';

const never = new AbortController().signal;
const limits = { maxDurationMs: 600_000, timeoutMs: 60_000 };
/** The thread is real, so it is that of the compiled program. */
const script = new URL('../../dist/media/opus-worker.js', import.meta.url);

function thread(options: Partial<OpusThreadOptions> = {}): OpusThread {
  const opus = new OpusThread({ idleAfterMs: 60_000, log: silentLog(), script, ...options });
  onTestFinished(() => opus.stop());
  return opus;
}

async function fileOf(content: Buffer): Promise<string> {
  const path = join(await testFolder(), 'a.ogg');
  await writeFile(path, content);
  return path;
}

async function clip(index = 0): Promise<Buffer> {
  return readFile((await bundledClips())[index]!.path);
}

/** dB of full scale of what differs where one is `lag` samples later; all samples must be there. */
async function difference(one: PcmFile, other: PcmFile, lag = 0): Promise<number> {
  const [a, b] = await Promise.all([one, other].map(async (file) => (await readWindow(file, 0, 1e9)).samples));
  expect(Math.abs(a!.length - b!.length)).toBeLessThanOrEqual(1);
  const length = Math.min(a!.length, b!.length) - lag;
  let sum = 0;
  for (let at = 0; at < length; at += 1) sum += ((a![at]! - b![at + lag]!) / 32_768) ** 2;
  return 10 * Math.log10(sum / length + 1e-12);
}

describe('OpusThread', () => {
  it('gives the samples that ffmpeg gives, of the bundled clips and of every coding that a client may choose', async () => {
    const folder = await testFolder();
    const opus = thread();
    const source = ['-i', (await bundledClips())[1]!.path];
    const codings: Record<string, string[]> = {
      'stereo.ogg': ['-ac', '2', '-b:a', '64k'],
      'long-frames.ogg': ['-frame_duration', '60', '-application', 'voip'],
      'short-frames.ogg': ['-frame_duration', '2.5', '-b:a', '64k'],
      'narrow.ogg': ['-ar', '8000', '-b:a', '8k', '-application', 'voip'],
      'pauses.ogg': ['-af', 'apad=pad_dur=2', '-application', 'voip', '-dtx', '1', '-b:a', '12k'],
      'constant.ogg': ['-vbr', 'off', '-b:a', '24k', '-page_duration', '20000'],
    };
    const made = await Promise.all(
      Object.entries(codings).map(async ([name, coding]) => {
        await ffmpeg(...source, ...coding, '-c:a', 'libopus', join(folder, name));
        return join(folder, name);
      }),
    );
    for (const path of [...made, ...(await bundledClips()).map((each) => each.path)]) {
      const [ours, theirs] = [join(folder, 'ours.pcm'), join(folder, 'theirs.pcm')];
      expect(await opus.decode(path, ours, limits, never), path).toBe(true);
      expect((await stat(ours)).mode & 0o777).toBe(0o600);
      // libopus and ffmpeg fill up 8 kHz with filters of different length: an eighth of a millisecond.
      const [lag, bound] = path.endsWith('narrow.ogg') ? [2, -36] : [0, -50];
      expect(await difference(await openPcmFile(ours), await decodeAudio(path, theirs, limits, never), lag), path).toBeLessThan(bound);
    }
  });

  it('leaves to ffmpeg what is not a plain voice note, and ffmpeg takes it', async () => {
    const folder = await testFolder();
    const bytes = await clip();
    const [head, tags, ...sound] = oggPackets(bytes) as [Buffer, Buffer, ...Buffer[]];
    const louder = Buffer.from(head);
    louder.writeInt16LE(256, 16);
    const flipped = Buffer.from(bytes);
    flipped[bytes.length - 50]! ^= 1;
    const unusual: Record<string, Buffer> = {
      'a gain': opusFile([louder, tags, ...sound]),
      'a chain': Buffer.concat([bytes, await clip(1)]),
      'cut off': bytes.subarray(0, bytes.length * 0.6),
      'no end': oggFile([
        { packets: [head], granule: 0, flags: 2 },
        { packets: [tags], granule: 0, flags: 0 },
        { packets: sound.slice(0, 50), granule: 50 * 960, flags: 0 },
      ]),
      'a wrong checksum': flipped,
      'positions that begin late': oggFile([
        { packets: [head], granule: 0, flags: 2 },
        { packets: [tags], granule: 0, flags: 0 },
        { packets: sound.slice(0, 50), granule: 500_000, flags: 0 },
        { packets: sound.slice(50, 90), granule: 500_000 + 40 * 960, flags: 4 },
      ]),
    };
    for (const codec of ['vorbis -strict -2 -ac 2', 'flac']) {
      await ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-c:a', ...codec.split(' '), join(folder, 'other.ogg'));
      unusual[codec] = await readFile(join(folder, 'other.ogg'));
    }
    const opus = thread();
    for (const [name, content] of Object.entries(unusual)) {
      const path = await fileOf(content);
      expect(await opus.decode(path, join(folder, 'ours.pcm'), limits, never), name).toBe(false);
      expect((await decodeAudio(path, join(folder, 'all.pcm'), { ...limits, opus }, never)).sampleCount, name).toBeGreaterThan(8000);
    }
  });

  it('leaves to ffmpeg, whose verdict counts, what is longer than allowed', async () => {
    const path = await fileOf(await clip());
    const opus = thread();
    const out = join(await testFolder(), 'a.pcm');
    expect(await opus.decode(path, out, { ...limits, maxDurationMs: 1000 }, never)).toBe(false);
    await expect(decodeAudio(path, out, { ...limits, maxDurationMs: 1000, opus }, never)).rejects.toMatchObject({ reason: 'too-long' });
  });

  it('survives every packet that a stranger may write, and then decodes a good note', async () => {
    const [head, tags, ...sound] = oggPackets(await clip(5)) as [Buffer, Buffer, ...Buffer[]];
    const folder = await testFolder();
    const [path, out] = [join(folder, 'a.ogg'), join(folder, 'a.pcm')];
    const opus = thread();
    let heard = 0;
    const anyPacket = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 1300 }), fc.record({ of: fc.nat(sound.length - 1), at: fc.nat(60), byte: fc.nat(255) }));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2), fc.array(anyPacket, { minLength: 1, maxLength: 40 }), async (channels, drafts) => {
        const packets = drafts.map((draft) => {
          if (draft instanceof Uint8Array) return Buffer.from([draft[0]! & 0xfc, ...draft.subarray(1)]);
          const packet = Buffer.from(sound[draft.of]!);
          packet[1 + (draft.at % (packet.length - 1))] = draft.byte;
          return packet;
        });
        const opusHead = Buffer.from(head);
        opusHead[9] = channels;
        const durations = packets.map(([toc = 0]) => (toc >> 3 < 12 ? [480, 960, 1920, 2880][(toc >> 3) & 3]! : toc >> 3 < 16 ? [480, 960][(toc >> 3) & 1]! : 120 << ((toc >> 3) & 3)));
        const total = durations.reduce((sum, each) => sum + each, 0);
        await writeFile(path, oggFile([{ packets: [opusHead], granule: 0, flags: 2 }, { packets: [tags], granule: 0, flags: 0 }, ...packets.map((packet, at) => ({ packets: [packet], granule: durations.slice(0, at + 1).reduce((sum, each) => sum + each, 0), flags: at === packets.length - 1 ? 4 : 0 }))]));
        if (!(await opus.decode(path, out, limits, never))) return;
        heard += 1;
        expect((await openPcmFile(out)).sampleCount).toBeLessThanOrEqual(total / 3);
      }),
      { numRuns: 200 },
    );
    expect(heard).toBeGreaterThan(50);
    await writeFile(path, await clip());
    expect(await opus.decode(path, out, limits, never)).toBe(true);
  });

  it('lets go of its memory after an idle time, and begins anew', async () => {
    const later: { run: () => void; delayMs: number }[] = [];
    const schedule = (run: () => void, delayMs: number) => {
      later.push({ run, delayMs });
      return () => undefined;
    };
    const opus = thread({ schedule, idleAfterMs: 1234 });
    const path = await fileOf(await clip());
    const out = join(await testFolder(), 'a.pcm');
    expect(opus.isLoaded).toBe(false);
    expect(await opus.decode(path, out, limits, never)).toBe(true);
    expect([opus.isLoaded, later.at(-1)?.delayMs]).toEqual([true, 1234]);
    later.at(-1)?.run();
    expect(opus.isLoaded).toBe(false);
    expect(await opus.decode(path, out, limits, never)).toBe(true);
    await opus.stop();
    expect([opus.isLoaded, await opus.decode(path, out, limits, never)]).toEqual([false, false]);
  });

  it('takes one file at a time: who comes meanwhile is sent to ffmpeg', async () => {
    const opus = thread();
    const path = await fileOf(await clip());
    const folder = await testFolder();
    const first = opus.decode(path, join(folder, 'a.pcm'), limits, never);
    expect(await opus.decode(path, join(folder, 'b.pcm'), limits, never)).toBe(false);
    expect(await first).toBe(true);
  });

  it('ends the thread when aborted and tells the reason; the next file is decoded', async () => {
    const opus = thread();
    const path = await fileOf(await clip());
    const out = join(await testFolder(), 'a.pcm');
    const abort = new AbortController();
    const attempt = opus.decode(path, out, limits, abort.signal);
    await vi.waitUntil(() => opus.isLoaded, { interval: 1 });
    abort.abort(new Error('shutting down'));
    await expect(attempt).rejects.toThrow('shutting down');
    expect(opus.isLoaded).toBe(false);
    expect(await opus.decode(path, out, limits, never)).toBe(true);
  });

  it('sends the file to ffmpeg where the thread takes too long, dies or cannot begin', async () => {
    const path = await fileOf(await clip());
    const out = join(await testFolder(), 'a.pcm');
    const scripts = {
      'never answers': 'setInterval(() => {}, 1000)',
      dies: "require('node:worker_threads').parentPort.on('message', () => process.exit(1))",
      throws: "throw new Error('no')",
      'eats memory': "require('node:worker_threads').parentPort.on('message', () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); })",
    };
    for (const [name, code] of Object.entries(scripts)) {
      const broken = thread({ script: new URL(`data:text/javascript,${encodeURIComponent(code.replace(/require\('(.*?)'\)/, "(await import('$1'))"))}`) });
      const timeoutMs = name === 'never answers' ? 50 : 60_000;
      expect(await broken.decode(path, out, { ...limits, timeoutMs }, never), name).toBe(false);
      expect(broken.isLoaded, name).toBe(false);
    }
  });

  it('does not hold up the event loop', async () => {
    const opus = thread();
    const path = await fileOf(await clip());
    let turns = 0;
    let isOver = false;
    const count = async (): Promise<void> => {
      while (!isOver) {
        await nextTurn();
        turns += 1;
      }
    };
    const counting = count();
    await opus.decode(path, join(await testFolder(), 'a.pcm'), limits, never);
    isOver = true;
    await counting;
    expect(turns).toBeGreaterThan(20);
  });
});
