import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import type { IncomingMessage } from './incoming-message.js';
import { inputPeer } from './input-peer.js';
import { type Call, messagesOf } from './request-messages.js';
import type { VoiceSearch } from './update-source.js';

const PAGE = 100;
/** A chat with more than this since we last looked is caught up with from its newest end. */
const MAX_PAGES = 20;

/** See `UpdateSource.searchVoices`. */
export async function searchVoices(
  deps: { call: Call; map: (message: Api.TypeMessage) => IncomingMessage | undefined },
  { chat, aboveId, sinceSec }: VoiceSearch,
  signal: AbortSignal,
): Promise<IncomingMessage[]> {
  const found: Api.TypeMessage[] = [];
  let offsetId = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const request = new Api.messages.Search({
      peer: inputPeer(chat),
      q: '',
      filter: new Api.InputMessagesFilterRoundVoice(),
      // Telegram gives what is newer than `min_date`, not what is as old.
      minDate: Math.max(sinceSec - 1, 0),
      maxDate: 0,
      offsetId,
      addOffset: 0,
      limit: PAGE,
      maxId: 0,
      minId: aboveId,
      hash: returnBigInt(0),
    });
    const messages = messagesOf(await deps.call(request, signal));
    found.push(...messages);
    const oldest = messages.at(-1);
    if (messages.length < PAGE || oldest === undefined) break;
    offsetId = oldest.id;
  }
  return found.reverse().flatMap((message) => deps.map(message) ?? []);
}
