import type { Peer } from '../telegram/peer.js';

/** An address by which Telegram's apps open the message; of each message there is one. */
export function voiceLink({ chat, messageId }: { chat: Pick<Peer, 'kind' | 'id'>; messageId: number }): string {
  switch (chat.kind) {
    case 'channel':
      return `https://t.me/c/${chat.id}/${messageId}`;
    case 'group':
      return `tg://openmessage?chat_id=${chat.id}&message_id=${messageId}`;
    case 'user':
      return `tg://openmessage?user_id=${chat.id}&message_id=${messageId}`;
  }
}
