import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import type { FindRepliesDeps } from './find-replies.js';
import { inputPeer } from './input-peer.js';
import { isOutgoing } from './map-message.js';
import type { Peer } from './peer.js';
import { messagesOf } from './request-messages.js';
import type { OwnReply } from './telegram-gateway.js';

const PAGE = 100;
const MAX_PAGES = 10;

/** See `TelegramGateway.findOwnTexts`. Reads the history from its end back to `sinceMs`, a thousand messages at the most. */
export async function findOwnTexts(
  { call, selfId }: FindRepliesDeps,
  { chat, containing, sinceMs }: { chat: Peer; containing: string; sinceMs: number },
  signal: AbortSignal,
): Promise<OwnReply[]> {
  const found: Api.Message[] = [];
  for (let page = 0, offsetId = 0; page < MAX_PAGES; page += 1) {
    const request = new Api.messages.GetHistory({
      peer: inputPeer(chat),
      offsetId,
      addOffset: 0,
      offsetDate: 0,
      limit: PAGE,
      maxId: 0,
      minId: 0,
      hash: returnBigInt(0),
    });
    const messages = messagesOf(await call(request, signal));
    found.push(...messages.filter((one) => one instanceof Api.Message).filter((one) => one.message.includes(containing) && isOutgoing(one, selfId) && one.fwdFrom == null));
    const oldest = messages.at(-1);
    if (messages.length < PAGE || oldest === undefined || ('date' in oldest && oldest.date * 1000 < sinceMs)) break;
    offsetId = oldest.id;
  }
  return found.sort((one, other) => one.id - other.id).map((one) => ({ messageId: one.id, text: one.message, collapsed: false }));
}
