import { Api } from 'telegram';
import type { Guise } from '../model.js';
import { long } from './long.js';

/** The fields of a message that tell of its guise, but for the writer. */
export function tlGuise(guise: Guise | undefined): Partial<ConstructorParameters<typeof Api.Message>[0]> {
  if (guise === undefined) return {};
  const { businessBotId, scheduled, attached, keyboard } = guise;
  // The library writes and reads the bot; only its types do not know it.
  const bot = businessBotId === undefined ? {} : { viaBusinessBotId: long(businessBotId) };
  return {
    ...bot,
    ...(scheduled && { fromScheduled: true }),
    ...(attached && { media: tlAttached(attached) }),
    ...(keyboard && { replyMarkup: tlKeyboard(keyboard) }),
  };
}

function tlKeyboard(texts: readonly string[]): Api.ReplyKeyboardMarkup {
  const buttons = texts.map((text) => new Api.KeyboardButton({ text }));
  return new Api.ReplyKeyboardMarkup({ rows: [new Api.KeyboardButtonRow({ buttons })], resize: true });
}

function tlAttached(attached: NonNullable<Guise['attached']>): Api.TypeMessageMedia {
  switch (attached) {
    case 'dice':
      return new Api.MessageMediaDice({ value: 6, emoticon: '🎲' });
    case 'poll':
      return tlPoll();
    case 'sticker':
      return tlSticker();
    case 'contact':
      return new Api.MessageMediaContact({ phoneNumber: '10000000009', firstName: 'Somebody', lastName: '', vcard: '', userId: long('0') });
    case 'link-preview':
      return new Api.MessageMediaWebPage({ webpage: new Api.WebPageEmpty({ id: long('1'), url: 'https://example.com' }) });
  }
}

function tlPoll(): Api.MessageMediaPoll {
  const words = (text: string): Api.TextWithEntities => new Api.TextWithEntities({ text, entities: [] });
  const answers = ['yes', 'no'].map((text) => new Api.PollAnswer({ text: words(text), option: Buffer.from(text) }));
  return new Api.MessageMediaPoll({ poll: new Api.Poll({ id: long('1'), question: words('?'), answers }), results: new Api.PollResults({}) });
}

function tlSticker(): Api.MessageMediaDocument {
  const attributes = [new Api.DocumentAttributeSticker({ alt: '.', stickerset: new Api.InputStickerSetEmpty() })];
  const about = { id: long('1'), accessHash: long('1'), fileReference: Buffer.alloc(1), date: 0 };
  return new Api.MessageMediaDocument({ document: new Api.Document({ ...about, mimeType: 'image/webp', size: long(100), dcId: 2, attributes }) });
}
