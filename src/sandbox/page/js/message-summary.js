import { duration } from './format.js';

/** A message in one line: its text, or what kind of file it is and how long. */
export function messageSummary({ text, media }, texts) {
  if (!media) return text;
  if (media.kind === 'photo') return `🖼 ${text || texts.of('picture')}`;
  if (media.kind === 'file') return `📄 ${media.fileName ?? texts.of('file')}`;
  const name = { voice: `🎤 ${texts.of('voiceMessage')}`, 'video-note': `📹 ${texts.of('videoNote')}` }[media.kind];
  return `${name ?? media.fileName ?? texts.of('file')}, ${duration(media.durationSec)}`;
}
