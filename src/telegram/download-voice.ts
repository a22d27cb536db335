import { type FileHandle, open, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from 'telegram';
import { FileMigrateError } from 'telegram/errors/index.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { isNoSpace, NoSpaceError, PermanentError, RetryableError, TelegramWaitError } from '../errors.js';
import type { VoiceMedia } from './incoming-message.js';
import { voiceOf } from './map-voice.js';
import { type Call, requestMessage } from './request-messages.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { VoiceLocation } from './telegram-gateway.js';

export interface DownloadDeps {
  call: Call;
  /** Sends a request to the data centre that has the file; each part has a deadline of its own. */
  callAt: <R extends Api.AnyRequest>(dcId: number, request: R, signal: AbortSignal) => Promise<R['__response']>;
}

export interface DownloadTarget {
  path: string;
  maxBytes: number;
}

/** A divisor of 1 MB and a multiple of 4 KB, as https://core.telegram.org/api/files#downloading-files asks. */
const PART_BYTES = 256 * 1024;
const MAX_REFRESHES = 2;
const MAX_MOVES = 3;
/** Accounts without Premium are slowed down by waits of some seconds between parts: to start anew at each would never end. */
const LONGEST_PART_WAIT_MS = 30_000;
const MAX_PART_WAITS = 5;

/** What changes on the way: a reference is refreshed, a file turns out to lie elsewhere. */
interface Source {
  media: VoiceMedia;
  dcId: number;
  refreshes: number;
  moves: number;
  /** Waits that were asked for since the last part that came. */
  waits: number;
}

/** See `TelegramGateway.downloadVoice`. Whatever goes wrong, no part of a file is left behind. */
export async function downloadVoice(
  deps: DownloadDeps,
  location: VoiceLocation,
  target: DownloadTarget,
  signal: AbortSignal,
): Promise<void> {
  const { media } = location;
  if (media.sizeBytes > target.maxBytes) throw tooLarge(`${media.sizeBytes} bytes are over ${target.maxBytes}`);
  signal.throwIfAborted();
  const file = await onDisk(open(target.path, 'w', 0o600));
  try {
    await writeParts(deps, location, file, signal);
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

async function writeParts(
  deps: DownloadDeps,
  location: VoiceLocation,
  file: FileHandle,
  signal: AbortSignal,
): Promise<void> {
  const { sizeBytes } = location.media;
  const source: Source = { media: location.media, dcId: location.media.dcId, refreshes: 0, moves: 0, waits: 0 };
  let received = 0;
  while (received < sizeBytes) {
    const part = await readPart(deps, location, source, { offset: received, signal });
    source.waits = 0;
    received += part.length;
    if (received > sizeBytes) throw tooLarge(`Telegram sent more than the ${sizeBytes} bytes that it had said`);
    await onDisk(file.appendFile(part));
    if (part.length < PART_BYTES) break;
  }
  if (received < sizeBytes) throw new RetryableError(`the download ended after ${received} of ${sizeBytes} bytes`);
}

async function readPart(
  deps: DownloadDeps,
  location: VoiceLocation,
  source: Source,
  at: { offset: number; signal: AbortSignal },
): Promise<Buffer> {
  for (;;) {
    try {
      const request = new Api.upload.GetFile({
        location: fileLocation(source.media),
        offset: returnBigInt(at.offset),
        limit: PART_BYTES,
      });
      const answer = await deps.callAt(source.dcId, request, at.signal);
      if (answer instanceof Api.upload.File) return answer.bytes;
      throw new RetryableError('Telegram sends this file from elsewhere (CDN), which was not asked for');
    } catch (error) {
      at.signal.throwIfAborted();
      await followError(deps, location, source, { error, signal: at.signal });
    }
  }
}

/** Makes `source` right where the error says how; throws it where it does not, or not any more. */
async function followError(
  deps: DownloadDeps,
  location: VoiceLocation,
  source: Source,
  failure: { error: unknown; signal: AbortSignal },
): Promise<void> {
  const { error, signal } = failure;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof FileMigrateError && source.moves < MAX_MOVES) {
    source.moves += 1;
    source.dcId = cause.newDc;
    return;
  }
  if (error instanceof TelegramWaitError && error.retryAfterMs <= LONGEST_PART_WAIT_MS && source.waits < MAX_PART_WAITS) {
    source.waits += 1;
    await delay(error.retryAfterMs, undefined, { signal });
    return;
  }
  const isStale = rpcErrorCode(cause)?.startsWith('FILE_REFERENCE_') === true;
  if (!isStale || source.refreshes >= MAX_REFRESHES) throw error;
  source.refreshes += 1;
  const message = await requestMessage(deps.call, location.chat, location.messageId, signal);
  const fresh = voiceOf(message?.media);
  if (fresh?.documentId !== source.media.documentId) {
    throw new PermanentError('deleted', 'the message is gone, or holds another file now', { cause: error });
  }
  source.media = fresh;
}

function fileLocation(media: VoiceMedia): Api.InputDocumentFileLocation {
  return new Api.InputDocumentFileLocation({
    id: returnBigInt(media.documentId),
    accessHash: returnBigInt(media.accessHash),
    fileReference: Buffer.from(media.fileReference, 'base64'),
    thumbSize: '',
  });
}

function tooLarge(message: string): PermanentError {
  return new PermanentError('too-large', message);
}
