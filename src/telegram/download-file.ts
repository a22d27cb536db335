import { PermanentError } from '../errors.js';
import { type DownloadDeps, downloadDocument, throwIfTooLarge } from './download-document.js';
import { documentIn } from './map-document.js';
import type { Peer } from './peer.js';
import { requestMessage } from './request-messages.js';

/** See `TelegramGateway.downloadFile`. */
export async function downloadFile(
  deps: DownloadDeps,
  { chat, messageId, maxBytes }: { chat: Peer; messageId: number; maxBytes: number },
  signal: AbortSignal,
): Promise<Uint8Array> {
  const message = await requestMessage(deps.call, chat, messageId, signal);
  const document = documentIn(message?.media);
  if (document === undefined) throw new PermanentError('deleted', 'the message is gone, or holds no file');
  throwIfTooLarge(document, maxBytes);
  const parts: Buffer[] = [];
  await downloadDocument(deps, { chat, messageId, document }, (part) => void parts.push(part), signal);
  return Buffer.concat(parts);
}
