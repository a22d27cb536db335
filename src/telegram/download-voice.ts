import { open, rm } from 'node:fs/promises';
import { isNoSpace, NoSpaceError, RetryableError } from '../errors.js';
import { type DownloadDeps, downloadDocument, throwIfTooLarge } from './download-document.js';
import type { VoiceLocation } from './telegram-gateway.js';

export interface DownloadTarget {
  path: string;
  maxBytes: number;
}

/** See `TelegramGateway.downloadVoice`. Whatever goes wrong, no part of a file is left behind. */
export async function downloadVoice(
  deps: DownloadDeps,
  location: VoiceLocation,
  target: DownloadTarget,
  signal: AbortSignal,
): Promise<void> {
  const { chat, messageId, media: document } = location;
  throwIfTooLarge(document, target.maxBytes);
  signal.throwIfAborted();
  const file = await onDisk(open(target.path, 'w', 0o600));
  const write = (part: Buffer): Promise<void> => onDisk(file.appendFile(part));
  try {
    await downloadDocument(deps, { chat, messageId, document }, write, signal);
    await onDisk(file.close());
  } catch (error) {
    await file.close();
    await rm(target.path, { force: true });
    throw error;
  }
}

/** A full or broken disk may be well again later. */
async function onDisk<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isNoSpace(error)) throw new NoSpaceError('the voice fills the disk', undefined, { cause: error });
    throw new RetryableError('the voice cannot be written to the disk', undefined, { cause: error });
  }
}
