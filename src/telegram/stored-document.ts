import type { Api } from 'telegram';

/** A file at Telegram, with all that a download needs. */
export interface StoredDocument {
  documentId: string;
  accessHash: string;
  /** Base64; expires on Telegram's side and is then refreshed by reading the message again. */
  fileReference: string;
  dcId: number;
  sizeBytes: number;
}

export function storedDocument(document: Api.Document): StoredDocument {
  return {
    documentId: document.id.toString(),
    accessHash: document.accessHash.toString(),
    fileReference: Buffer.from(document.fileReference).toString('base64'),
    dcId: document.dcId,
    sizeBytes: Number(document.size),
  };
}
