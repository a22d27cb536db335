import { chatAvatar } from './avatar.js';
import { h, icon } from './dom.js';
import { clock } from './format.js';
import { messageSummary } from './message-summary.js';
import { cutNetwork } from './server.js';

/** The chats with their last messages. */
export function showChatList({ store, texts, openChat, attempt }) {
  const nav = document.getElementById('chats');
  const show = () => {
    nav.setAttribute('aria-label', texts.of('chats'));
    const focused = document.activeElement?.dataset?.chat;
    nav.replaceChildren(
      h('h2', { text: texts.of('chats') }),
      ...store.chats.map((chat) => entry(chat)),
      h('p', { class: 'about', text: texts.of('about') }),
      network(),
    );
    if (focused) nav.querySelector(`[data-chat="${CSS.escape(focused)}"]`)?.focus();
  };
  const entry = (chat) => {
    const last = store.messagesOf(chat.key).at(-1);
    const unread = store.unread.get(chat.key) ?? 0;
    return h(
      'button',
      {
        class: `chat${unread > 0 ? ' has-unread' : ''}`,
        type: 'button',
        'data-chat': chat.key,
        'data-kind': chat.kind,
        'aria-current': String(chat.key === store.openChatKey),
        on: { click: () => openChat(chat.key) },
      },
      chatAvatar(chat, store),
      h('span', { class: 'name', text: chat.title }),
      h('span', { class: 'when', text: last ? clock(last.dateMs, texts.language) : '' }),
      h('span', { class: 'last', text: last ? lineOf(chat, last) : texts.of(`kinds.${chat.kind}`) }),
      unread > 0 && h('span', { class: 'unread', text: unread }),
    );
  };
  /** What a network that breaks does to the daemon, for the viewer to try. */
  const network = () => {
    const { isNetworkCut } = store.state;
    const button = h(
      'button',
      { class: 'network', type: 'button', 'aria-pressed': String(isNetworkCut), 'data-chat': 'network' },
      icon(isNetworkCut ? 'link' : 'cut'),
      h('span', { text: texts.of(isNetworkCut ? 'restoreNetwork' : 'cutNetwork') }),
    );
    button.addEventListener('click', () => attempt(() => cutNetwork(!isNetworkCut)));
    return h('div', { class: 'about' }, button, isNetworkCut && h('p', { text: texts.of('networkIsCut') }));
  };
  const lineOf = (chat, message) => {
    const line = messageSummary(message, texts).split('\n')[0];
    return chat.kind === 'group' || (message.own && chat.kind !== 'saved') ? `${store.person(message.fromUserId)}: ${line}` : line;
  };
  for (const event of ['scene', 'state', 'chat', 'message', 'edit', 'delete']) store.addEventListener(event, show);
  texts.onChange(show);
}
