import { textsFor, type Texts } from '../../i18n/texts.js';

/** True of what the program says beside transcripts, in any of its languages: progress, "no speech", why it failed. */
export function isOwnText(text: string): boolean {
  const trimmed = text.trim();
  return [textsFor('en'), textsFor('ru')].some(
    (texts) =>
      trimmed === texts.reply.noSpeech ||
      Object.values(texts.failures).includes(trimmed) ||
      startsWithProgress(trimmed, texts.reply),
  );
}

function startsWithProgress(text: string, { progress }: Texts['reply']): boolean {
  const [head = ''] = text.split('\n');
  const percent = /\d+/.exec(head)?.[0];
  return percent !== undefined && head === progress(Number(percent));
}
