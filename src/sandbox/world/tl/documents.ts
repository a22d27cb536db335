import { Api } from 'telegram';
import type { WorldDocument } from '../model.js';
import { long } from './long.js';

/** A stored file as a message shows it, under the reference that is good now. */
export function tlDocument(document: WorldDocument, fileReference: Buffer): Api.Document {
  return new Api.Document({
    id: long(document.id),
    accessHash: long(document.accessHash),
    fileReference,
    date: document.dateSec,
    mimeType: document.mimeType,
    size: long(document.claimedBytes ?? document.bytes.length),
    dcId: document.dcId,
    attributes: tlAttributes(document),
  });
}

export function tlMedia(document: WorldDocument, fileReference: Buffer): Api.MessageMediaDocument | Api.MessageMediaPhoto {
  if (document.kind === 'photo') return new Api.MessageMediaPhoto({ photo: tlPhoto(document, fileReference) });
  return new Api.MessageMediaDocument({
    document: tlDocument(document, fileReference),
    voice: document.kind === 'voice',
    round: document.kind === 'video-note',
    video: document.kind === 'video' || document.kind === 'video-note',
  });
}

function tlPhoto({ id, accessHash, dateSec, dcId, width, height, bytes }: WorldDocument, fileReference: Buffer): Api.Photo {
  return new Api.Photo({
    ...{ id: long(id), accessHash: long(accessHash), fileReference, date: dateSec, dcId },
    sizes: [new Api.PhotoSize({ type: 'x', w: width, h: height, size: bytes.length })],
  });
}

function tlAttributes(document: WorldDocument): Api.TypeDocumentAttribute[] {
  const { kind, durationSec, width, height } = document;
  const attributes: Api.TypeDocumentAttribute[] = [];
  if (kind === 'voice') {
    attributes.push(
      new Api.DocumentAttributeAudio({
        voice: true,
        duration: Math.round(durationSec),
        ...(document.waveform ? { waveform: document.waveform } : {}),
      }),
    );
  }
  if (kind === 'audio') {
    attributes.push(
      new Api.DocumentAttributeAudio({
        duration: Math.round(durationSec),
        ...(document.title === undefined ? {} : { title: document.title }),
        ...(document.performer === undefined ? {} : { performer: document.performer }),
      }),
    );
  }
  if (kind === 'video' || kind === 'video-note') {
    attributes.push(
      new Api.DocumentAttributeVideo({
        roundMessage: kind === 'video-note',
        supportsStreaming: true,
        duration: durationSec,
        w: width,
        h: height,
      }),
    );
  }
  if (document.fileName !== undefined) {
    attributes.push(new Api.DocumentAttributeFilename({ fileName: document.fileName }));
  }
  return attributes;
}
