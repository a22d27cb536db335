import { setTimeout as delay } from 'node:timers/promises';
import { Api } from 'telegram';
import { FileMigrateError } from 'telegram/errors/index.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { PermanentError, RetryableError, TelegramWaitError } from '../errors.js';
import { documentIn } from './map-document.js';
import type { Peer } from './peer.js';
import { type Call, requestMessage } from './request-messages.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { StoredDocument } from './stored-document.js';

export interface DownloadDeps {
  call: Call;
  /** Sends a request to the data centre that has the file; each part has a deadline of its own. */
  callAt: <R extends Api.AnyRequest>(dcId: number, request: R, signal: AbortSignal) => Promise<R['__response']>;
}

/** Where a file lies: an expired reference is refreshed through the message. */
export interface DocumentLocation {
  chat: Peer;
  messageId: number;
  document: StoredDocument;
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
  document: StoredDocument;
  dcId: number;
  refreshes: number;
  moves: number;
  /** Waits that were asked for since the last part that came. */
  waits: number;
}

/** Hands the file's bytes to `write` as they come, in order. */
export async function downloadDocument(
  deps: DownloadDeps,
  location: DocumentLocation,
  write: (part: Buffer) => Promise<void> | void,
  signal: AbortSignal,
): Promise<void> {
  const { document } = location;
  const { sizeBytes } = document;
  const source: Source = { document, dcId: document.dcId, refreshes: 0, moves: 0, waits: 0 };
  let received = 0;
  while (received < sizeBytes) {
    const part = await readPart(deps, location, source, { offset: received, signal });
    source.waits = 0;
    received += part.length;
    if (received > sizeBytes) throw tooLarge(`Telegram sent more than the ${sizeBytes} bytes that it had said`);
    await write(part);
    if (part.length < PART_BYTES) break;
  }
  if (received < sizeBytes) throw new RetryableError(`the download ended after ${received} of ${sizeBytes} bytes`);
}

export function throwIfTooLarge({ sizeBytes }: StoredDocument, maxBytes: number): void {
  if (sizeBytes > maxBytes) throw tooLarge(`${sizeBytes} bytes are over ${maxBytes}`);
}

async function readPart(
  deps: DownloadDeps,
  location: DocumentLocation,
  source: Source,
  at: { offset: number; signal: AbortSignal },
): Promise<Buffer> {
  for (;;) {
    try {
      const request = new Api.upload.GetFile({
        location: fileLocation(source.document),
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
  location: DocumentLocation,
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
  const fresh = documentIn(message?.media);
  if (fresh?.documentId !== source.document.documentId) {
    throw new PermanentError('deleted', 'the message is gone, or holds another file now', { cause: error });
  }
  source.document = fresh;
}

function fileLocation(document: StoredDocument): Api.InputDocumentFileLocation {
  return new Api.InputDocumentFileLocation({
    id: returnBigInt(document.documentId),
    accessHash: returnBigInt(document.accessHash),
    fileReference: Buffer.from(document.fileReference, 'base64'),
    thumbSize: '',
  });
}

function tooLarge(message: string): PermanentError {
  return new PermanentError('too-large', message);
}
