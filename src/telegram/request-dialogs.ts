import { Api } from 'telegram';
import { returnBigInt } from 'telegram/Helpers.js';
import type { AddressBook } from './address-book.js';
import { inputPeer } from './input-peer.js';
import { mapChat } from './map-chat.js';
import { type Peer, peerKey } from './peer.js';
import type { Call } from './request-messages.js';
import type { Dialog } from './update-source.js';

const PAGE = 100;

/** See `UpdateSource.dialogs`. Broadcast channels are left out. Archived chats are in the list, as no folder is named. */
export async function requestDialogs(
  deps: { call: Call; book: AddressBook },
  range: { sinceSec: number; limit: number },
  signal: AbortSignal,
): Promise<Dialog[]> {
  const found = new Map<string, Dialog>();
  let offset: { date: number; id: number; peer: Api.TypeInputPeer } = { date: 0, id: 0, peer: new Api.InputPeerEmpty() };
  for (let seen = 0; seen < range.limit; ) {
    const request = new Api.messages.GetDialogs({
      offsetDate: offset.date,
      offsetId: offset.id,
      offsetPeer: offset.peer,
      limit: Math.min(PAGE, range.limit - seen),
      hash: returnBigInt(0),
    });
    const answer = await deps.call(request, signal);
    if (answer instanceof Api.messages.DialogsNotModified) break;
    const page = rowsOf(answer, deps.book);
    for (const { key, dialog } of page) if (dialog !== undefined) found.set(key, dialog);
    seen += page.length;
    // Pinned chats stand first whatever their age; they say nothing about those that follow.
    const last = page.findLast((row) => !row.pinned && row.lastDateSec > 0);
    if (!(answer instanceof Api.messages.DialogsSlice) || last === undefined || last.lastDateSec < range.sinceSec) break;
    offset = { date: last.lastDateSec, id: last.topMessageId, peer: inputPeer(last.peer) };
  }
  return [...found.values()].filter(({ lastDateSec }) => lastDateSec >= range.sinceSec);
}

interface Row {
  key: string;
  peer: Peer;
  pinned: boolean;
  lastDateSec: number;
  topMessageId: number;
  dialog?: Dialog;
}

function rowsOf(answer: Api.messages.Dialogs | Api.messages.DialogsSlice, book: AddressBook): Row[] {
  const dates = new Map<string, number>();
  for (const message of answer.messages) {
    if (message instanceof Api.MessageEmpty) continue;
    dates.set(`${peerKey(mapChat(message.peerId, book).chat)}:${message.id}`, message.date);
  }
  return answer.dialogs.flatMap((dialog) => {
    if (!(dialog instanceof Api.Dialog)) return [];
    const { chat, chatKind } = mapChat(dialog.peer, book);
    const key = peerKey(chat);
    const lastDateSec = dates.get(`${key}:${dialog.topMessage}`) ?? 0;
    const pts = dialog.pts ?? undefined;
    const row: Row = { key, peer: chat, pinned: dialog.pinned === true, lastDateSec, topMessageId: dialog.topMessage };
    if (chatKind === 'channel') return [row];
    return [{ ...row, dialog: { chat, chatKind, lastDateSec, ...(pts === undefined ? {} : { pts }) } }];
  });
}
