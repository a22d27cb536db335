import { TlReader } from './tl-reader.js';

/** A message as it is in a container, or alone. */
export interface PlainMessage {
  msgId: bigint;
  seqNo: number;
  body: Buffer;
}

const MOST_MESSAGES = 1020;

/**
 * The messages of a msg_container, given what follows its constructor; undefined where it is not a valid one: too many
 * messages, lengths that do not add up, ids that are not lower than the container's own.
 */
export function readContainer(data: Buffer, containerId: bigint): PlainMessage[] | undefined {
  const reader = new TlReader(data);
  if (reader.remaining < 4) return undefined;
  const count = reader.uint();
  if (count > MOST_MESSAGES) return undefined;
  const messages: PlainMessage[] = [];
  while (messages.length < count) {
    if (reader.remaining < 16) return undefined;
    const head = { msgId: reader.long(), seqNo: reader.uint() };
    const length = reader.uint();
    if (head.msgId >= containerId || length % 4 !== 0 || length < 4 || length > reader.remaining) return undefined;
    messages.push({ ...head, body: reader.raw(length) });
  }
  return reader.remaining === 0 ? messages : undefined;
}
