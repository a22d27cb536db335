import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { textsFor } from '../../src/i18n/texts.js';
import type { MediaToSend } from '../../src/sandbox/control/scenario.js';
import type { SandboxMessage } from '../../src/sandbox/control/views.js';
import { clip, words } from '../support/clips.js';
import { NASTY_TEXTS, tried } from '../support/hostile-inputs.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { annaSays, answersTo, command, ground, onlyAnswerTo } from './ground.js';

const context = ground({ GRAMSCRIBE_MAX_AUDIO: '60s', GRAMSCRIBE_MAX_FILE: '2MB', GRAMSCRIBE_PACE: 'off' });
const texts = textsFor('en');
const failures: readonly string[] = Object.values(texts.failures);
const run = promisify(execFile);

async function made(name: string, ...args: string[]): Promise<Buffer> {
  const output = join(await temporaryFolder(), name);
  await run('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args, output]);
  return readFile(output);
}

function playlistOf(place: string): Buffer {
  return Buffer.from(`#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n${place}\n#EXT-X-ENDLIST\n`);
}

interface Hostile extends Partial<MediaToSend> {
  what: string;
  kind?: 'voice' | 'video-note';
  bytes: Buffer;
  claimedBytes?: number;
  /** Words of a clip that it says, a failure, or nothing where either will do. */
  says?: string;
  fails?: string;
}

async function hostileVoices(): Promise<Hostile[]> {
  const good = clip('04-en.ogg');
  const half = good.bytes.subarray(0, Math.floor(good.bytes.length / 2));
  const flipped = Buffer.from(good.bytes.map((byte, index) => (index > 300 && index % 97 === 0 ? byte ^ 0xff : byte)));
  const long = await made('long.ogg', '-f', 'lavfi', '-i', 'sine=d=70', '-c:a', 'libopus', '-b:a', '6k');
  const mute = await made('mute.mp4', '-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64:r=5', '-c:v', 'libx264');
  const { 'broken-audio': broken, 'no-audio': noAudio } = texts.failures;
  const tooLong = texts.reply.tooLong(texts.reply.length(60_000));
  const tooLarge = texts.reply.tooLarge(texts.reply.size(2_000_000));
  return [
    { what: 'no bytes', bytes: Buffer.alloc(0), fails: broken },
    { what: 'one byte', bytes: Buffer.alloc(1), fails: broken },
    { what: 'zeros', bytes: Buffer.alloc(50_000), fails: broken },
    { what: 'only a head', bytes: good.bytes.subarray(0, 40), fails: broken },
    { what: 'half a voice', bytes: half },
    { what: 'a voice with changed bytes', bytes: flipped },
    { what: 'a playlist of our own files', bytes: playlistOf('file:///etc/passwd'), fails: broken },
    { what: 'a playlist of an address', bytes: playlistOf('http://127.0.0.1:9/x.ogg'), mimeType: 'application/vnd.apple.mpegurl', fails: broken },
    { what: 'an ffconcat script', bytes: Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"), fails: broken },
    { what: 'a web page', bytes: Buffer.from('<!doctype html><title>x</title>'), mimeType: 'text/html', fails: broken },
    { what: 'longer than it says and than is allowed', bytes: long, durationSec: 1, fails: tooLong },
    { what: 'larger than is allowed', bytes: Buffer.alloc(2_100_000), fails: tooLarge },
    { what: 'as large as 2 GB, by what is said of it', bytes: good.bytes, claimedBytes: 2_000_000_000, fails: tooLarge },
    { what: 'as large as no file can be', bytes: good.bytes, claimedBytes: 2 ** 62, fails: tooLarge },
    { what: 'longer than is allowed, by what is said of it', bytes: good.bytes, durationSec: 3600, fails: tooLong },
    { what: 'a video note without sound', kind: 'video-note', bytes: mute, fails: noAudio },
    { what: 'a name that climbs out of the folder', bytes: good.bytes, fileName: '../../../../tmp/owned.ogg', says: good.text },
    { what: 'a name like options and commands', bytes: good.bytes, fileName: '-i $(touch /tmp/owned) ;|`id`.ogg', says: good.text },
    { what: 'a name that turns the reading direction', bytes: good.bytes, fileName: '\u202e\u001b[31mexe.ggo', says: good.text },
    { what: 'a length below zero', bytes: good.bytes, durationSec: -5, says: good.text },
    { what: 'a length of 68 years', bytes: good.bytes, durationSec: 2_147_483_647, fails: tooLong },
    { what: 'a type that is no type', bytes: good.bytes, mimeType: '\u0000\n../x'.repeat(20), says: good.text },
    { what: 'a video note that is a voice, with sizes that lie', kind: 'video-note', bytes: good.bytes, width: -1, height: 2_147_483_647, says: good.text },
    { what: 'a caption of marks without end', bytes: good.bytes, caption: `z${'\u0351'.repeat(900)}`, says: good.text },
    { what: 'a waveform of the wrong length', bytes: good.bytes, waveform: Buffer.alloc(1000, 255), says: good.text },
  ];
}

function send({ what: _what, kind = 'voice', says: _says, fails: _fails, ...media }: Hostile): SandboxMessage {
  const { sandbox, anna, owner } = context;
  return sandbox.send.media(kind, { from: anna, to: owner, durationSec: 3, ...media });
}

test('every hostile voice is answered once, with its words or a reason that a person can read, and the daemon goes on', async (ctx) => {
  const { daemon } = context;
  const { pid } = daemon;
  const voices = (await hostileVoices()).map((hostile) => ({ ...hostile, message: send(hostile) }));
  const wrong: string[] = [];
  for (const { what, message, says, fails } of voices) {
    tried(ctx);
    const answers = await answersTo(context, message);
    const [answer = ''] = answers.map(({ text }) => text);
    const isRight = says === undefined ? fails === undefined || answer === fails : words(answer) === says;
    const isReadable = says !== undefined || failures.includes(answer) || answer === texts.reply.noSpeech || /\p{L}/u.test(answer);
    if (answers.length !== 1 || !isRight || !isReadable) wrong.push(`${what}: ${JSON.stringify(answers.map(({ text }) => text))}`);
  }
  expect(wrong).toEqual([]);
  const good = annaSays(context, '08-en.ogg');
  expect(words((await onlyAnswerTo(context, good)).text)).toBe(clip('08-en.ogg').text);
  expect(daemon.pid).toBe(pid);
});

test('commands of absurd length, with odd blanks, or in reply to what is gone are answered or left alone', async (ctx) => {
  const { sandbox, owner, anna } = context;
  const gone = sandbox.send.text({ from: anna, to: owner, text: 'gone' });
  sandbox.send.text({ from: owner, to: anna, text: '.track', replyTo: gone });
  const fleeting = sandbox.send.text({ from: owner, to: anna, text: '.untrack', replyTo: gone });
  sandbox.send.delete(gone);
  sandbox.send.delete(fleeting);
  for (const text of [`.track ${'x'.repeat(4000)}`, `.${'x'.repeat(4000)}`, '.track\u00a0\u2003\n@nobody_at_all', '.track 99999999999999999999', '.untrack __proto__']) {
    tried(ctx);
    sandbox.send.text({ from: owner, to: anna, text });
  }
  for (const text of NASTY_TEXTS.filter((one) => one.trim() !== '' && one.length < 4000)) {
    tried(ctx, 2);
    sandbox.send.text({ from: owner, to: anna, text: `.track ${text}` });
    sandbox.send.text({ from: anna, to: owner, text: `.${text}` });
  }
  // More than twenty at once of one person are refused until some are done.
  await expect.poll(() => command(context, '.ping'), { timeout: 60_000, interval: 500 }).toMatch(/ms$/);
});

test('people of any name can be tracked, and stand in the list as one line each', async (ctx) => {
  const { sandbox, owner } = context;
  // What was typed before is done with, whatever it did.
  await expect.poll(() => command(context, '.cancel')).toContain('Nothing is running');
  await command(context, '.track');
  for (const firstName of ['\u202eevil', 'a\nb', '\u001b[31mred', `z${'\u0351'.repeat(200)}`, '<b>x</b> [y](tg://user?id=1)', '\u2800']) {
    tried(ctx);
    const person = sandbox.addUser({ firstName });
    sandbox.send.text({ from: person, to: owner, text: 'hello' });
    expect(await command(context, '.track', person)).toMatch(/\S/);
  }
  const list = await command(context, '.tracked');
  expect(list.split('\n').filter((line) => line.startsWith('•'))).toHaveLength(7);
  expect(list).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e]/u);
});

test('nothing that was sent stands in the log as anything but a line of text, and no file was made by it', async () => {
  const log = context.daemon.output.join('\n');
  expect(log).not.toMatch(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
  expect(context.daemon.output.every((line) => line.startsWith('{'))).toBe(true);
  await expect(readFile('/tmp/owned')).rejects.toThrow();
  await expect(readFile('/tmp/owned.ogg')).rejects.toThrow();
});
