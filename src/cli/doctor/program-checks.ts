import { mkdir, statfs } from 'node:fs/promises';
import type { Texts } from '../../i18n/texts.js';
import { formatBytes } from '../../setup/format.mjs';
import type { Check } from './check.js';
import { runTool } from './run-tool.js';

type DoctorTexts = Texts['doctor'];

/** @param wanted the lowest version that will do, such as `20.20` */
export function checkNode(texts: DoctorTexts, version: string, wanted: string): Check {
  return () => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const [wantedMajor = 0, wantedMinor = 0] = wanted.split('.').map(Number);
    const isRecent = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
    const finding = { name: 'Node.js', found: version };
    return Promise.resolve(isRecent ? { ...finding, state: 'ok' } : { ...finding, state: 'failed', remedy: texts.node.tooOld(wanted) });
  };
}

/** What Telegram's voice messages (Opus), video notes (H.264, AAC) and forwarded audio (MP3) need. */
const DECODERS = ['opus', 'aac', 'h264', 'mp3'];

/** ffmpeg is there and can decode what Telegram sends. */
export function checkFfmpeg(texts: DoctorTexts): Check {
  return async (signal) => {
    const name = 'ffmpeg';
    const version = await runTool('ffmpeg', ['-hide_banner', '-version'], signal);
    if (version.status !== 0) return { name, state: 'failed', found: texts.notFound, remedy: texts.ffmpeg.install };
    const { output } = await runTool('ffmpeg', ['-hide_banner', '-decoders'], signal);
    const available = new Set([...output.matchAll(/^ [AV]\S+\s+(\S+)/gm)].map((match) => match[1]));
    const missing = DECODERS.filter((decoder) => !available.has(decoder));
    const number = /version (\S+)/.exec(version.output)?.[1] ?? '?';
    if (missing.length === 0) return { name, state: 'ok', found: texts.ffmpeg.decodes(number, DECODERS.join(', ')) };
    return { name, state: 'failed', found: texts.ffmpeg.cannotDecode(number, missing.join(', ')), remedy: texts.ffmpeg.install };
  };
}

const LOW_BYTES = 500 * 2 ** 20;
const VERY_LOW_BYTES = 100 * 2 ** 20;

/** Room for audio, Redis' files and models. */
export function checkDiskSpace(texts: DoctorTexts, folder: string, freeBytes = freeBytesOf): Check {
  return async () => {
    const name = texts.disk.name;
    const free = await freeBytes(folder);
    const found = texts.disk.free(folder, formatBytes(free, texts));
    if (free >= LOW_BYTES) return { name, state: 'ok', found };
    return { name, state: free < VERY_LOW_BYTES ? 'failed' : 'warning', found, remedy: texts.disk.makeRoom };
  };
}

async function freeBytesOf(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
