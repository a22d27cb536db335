import { BrokenPacket } from './broken-packet.js';
import { TlReader } from './tl-reader.js';
import { tlInt, tlLong } from './tl-writer.js';

/**
 * The body of an unencrypted message (auth_key_id 0, msg_id, length, body); `BrokenPacket` where it is none:
 * https://core.telegram.org/mtproto/description#unencrypted-message.
 */
export function readPlainMessage(packet: Buffer): Buffer {
  const reader = new TlReader(packet);
  reader.long();
  if (reader.long() % 4n !== 0n) throw new BrokenPacket('a msg_id that is no client\'s', -404);
  const length = reader.uint();
  if (length !== reader.remaining) throw new BrokenPacket(`${reader.remaining} bytes are said to be ${length}`, -404);
  return reader.rest();
}

/** An unencrypted message of the server. */
export function writePlainMessage(msgId: bigint, body: Buffer): Buffer {
  return Buffer.concat([tlLong(0n), tlLong(msgId), tlInt(body.length), body]);
}
