import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import { TelegramWaitError } from '../errors.js';
import type { Call } from './request-messages.js';

export interface UploadDeps {
  /** Sends one part; it has a deadline of its own. */
  callPart: Call;
}

/**
 * https://core.telegram.org/api/files#uploading-files. Small enough that a slow line has each part's answer before the
 * silence looks like a dead link, and that its encryption holds nobody up.
 */
const PART_BYTES = 64 * 1024;
/** Beyond this Telegram takes the file as a big one only. */
const SMALL_FILE_BYTES = 10 * 1024 * 1024;
/** Waits between parts that Telegram asks accounts without Premium for. */
const LONGEST_PART_WAIT_MS = 30_000;
const MAX_PART_WAITS = 5;

/** Brings the bytes to Telegram, part by part; what comes back goes into the message. */
export async function uploadFile(
  { callPart }: UploadDeps,
  { name, bytes }: { name: string; bytes: Uint8Array },
  signal: AbortSignal,
): Promise<Api.InputFile | Api.InputFileBig> {
  const id = returnBigInt(randomBytes(8).readBigInt64LE().toString());
  const parts = Math.ceil(bytes.length / PART_BYTES);
  const isBig = bytes.length > SMALL_FILE_BYTES;
  for (let part = 0; part < parts; part += 1) {
    const content = Buffer.from(bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES));
    const request = isBig
      ? new Api.upload.SaveBigFilePart({ fileId: id, filePart: part, fileTotalParts: parts, bytes: content })
      : new Api.upload.SaveFilePart({ fileId: id, filePart: part, bytes: content });
    await patiently(() => callPart(request, signal), signal);
  }
  return isBig ? new Api.InputFileBig({ id, parts, name }) : new Api.InputFile({ id, parts, name, md5Checksum: '' });
}

/** Begun anew at each short wait a large file would never be whole. */
async function patiently(work: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (let waits = 0; ; waits += 1) {
    try {
      await work();
      return;
    } catch (error) {
      const isShort = error instanceof TelegramWaitError && error.retryAfterMs <= LONGEST_PART_WAIT_MS;
      if (!isShort || waits >= MAX_PART_WAITS) throw error;
      await delay(error.retryAfterMs, undefined, { signal });
    }
  }
}
