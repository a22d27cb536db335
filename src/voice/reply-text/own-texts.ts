import { textsFor, type Texts } from '../../i18n/texts.js';

/** True of what the program says beside transcripts, in any of its languages: progress, "no speech", why it failed. */
export function isOwnText(text: string): boolean {
  const trimmed = text.trim();
  return [textsFor('en'), textsFor('ru')].some(
    (texts) =>
      trimmed === texts.reply.noSpeech ||
      Object.values(texts.failures).includes(trimmed) ||
      [texts.reply.tooLarge, texts.reply.tooLong].some((saying) => isSaid(trimmed, saying)) ||
      startsWithProgress(trimmed, texts.reply),
  );
}

/** Whether a text names a limit, whichever it was at the time. */
function isSaid(text: string, saying: (limit: string) => string): boolean {
  const [before = '', after = ''] = saying('\0').split('\0');
  return text.length > before.length + after.length && text.startsWith(before) && text.endsWith(after);
}

function startsWithProgress(text: string, { progress }: Texts['reply']): boolean {
  const [head = ''] = text.split('\n');
  const percent = /\d+/.exec(head)?.[0];
  return percent !== undefined && head === progress(Number(percent));
}
