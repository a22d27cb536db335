import { Api } from 'telegram';
import type { VoiceMedia } from './incoming-message.js';
import { storedDocument } from './stored-document.js';

/** What kind of voice a document is by its attributes, else by its type; undefined for pictures, GIFs, stickers, files. */
export function kindOfVoice(document: Api.Document): { kind: VoiceMedia['kind']; durationSec: number } | undefined {
  const silent = document.attributes.some(
    (one) => one instanceof Api.DocumentAttributeAnimated || one instanceof Api.DocumentAttributeSticker,
  );
  if (silent) return undefined;
  for (const one of document.attributes) {
    if (one instanceof Api.DocumentAttributeAudio) {
      return { kind: one.voice === true ? 'voice' : 'audio', durationSec: plausible(one.duration) };
    }
    if (one instanceof Api.DocumentAttributeVideo) {
      return { kind: one.roundMessage === true ? 'video-note' : 'video', durationSec: plausible(one.duration) };
    }
  }
  if (document.mimeType.startsWith('audio/')) return { kind: 'audio', durationSec: 0 };
  if (document.mimeType.startsWith('video/')) return { kind: 'video', durationSec: 0 };
  return undefined;
}

/** What a sender's client claims may be below zero or no number; a length that is not known is 0. */
function plausible(durationSec: number): number {
  return Number.isFinite(durationSec) && durationSec > 0 ? durationSec : 0;
}

/**
 * The voice in a message's media, or undefined. View-once ones are voices like any other until they have been heard:
 * Telegram then takes the document away and leaves an empty frame.
 */
export function voiceOf(media: Api.TypeMessageMedia | undefined): VoiceMedia | undefined {
  if (!(media instanceof Api.MessageMediaDocument) || !(media.document instanceof Api.Document)) return undefined;
  const { document } = media;
  const kind = kindOfVoice(document);
  if (kind === undefined) return undefined;
  return { ...kind, ...storedDocument(document), mimeType: document.mimeType };
}
