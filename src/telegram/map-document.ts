import { Api } from 'telegram';
import type { IncomingMessage } from './incoming-message.js';
import { kindOfVoice } from './map-voice.js';
import { storedDocument, type StoredDocument } from './stored-document.js';

type FileOf = NonNullable<IncomingMessage['file']>;

/** The document in a message's media, whatever it is. */
export function documentIn(media: Api.TypeMessageMedia | undefined): StoredDocument | undefined {
  const document = apiDocumentIn(media);
  return document && storedDocument(document);
}

/** The file in a message's media, or undefined: voices, pictures, GIFs and stickers are none. */
export function fileOf(media: Api.TypeMessageMedia | undefined): FileOf | undefined {
  const document = apiDocumentIn(media);
  if (document === undefined || isPicture(document) || kindOfVoice(document) !== undefined) return undefined;
  const named = document.attributes.find((one) => one instanceof Api.DocumentAttributeFilename);
  return { name: named?.fileName ?? '', sizeBytes: Number(document.size), mimeType: document.mimeType };
}

function apiDocumentIn(media: Api.TypeMessageMedia | undefined): Api.Document | undefined {
  if (!(media instanceof Api.MessageMediaDocument) || !(media.document instanceof Api.Document)) return undefined;
  return media.document;
}

function isPicture({ attributes }: Api.Document): boolean {
  return attributes.some((one) => one instanceof Api.DocumentAttributeAnimated || one instanceof Api.DocumentAttributeSticker);
}
