import { chatAvatar } from './avatar.js';
import { messageRow } from './bubble.js';
import { h, icon } from './dom.js';
import { day } from './format.js';

const TYPING_MS = 5000;
/** Nearer to the end than this, the view follows new messages. */
const NEAR_END_PX = 140;

/** The open chat: its head, and its messages, which change in place. */
export function showConversation({ store, texts, onFailure, goBack }) {
  const head = document.getElementById('chat-head');
  const list = document.getElementById('messages');
  /** Whether the viewer is kept at the end, whatever grows there: until they scroll up. */
  let follows = true;
  let lastTop = 0;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    follows = true;
  };
  list.addEventListener('scroll', () => {
    const isNearEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
    follows = isNearEnd || (follows && list.scrollTop >= lastTop);
    lastTop = list.scrollTop;
  });
  // A picture has its height only when it is there.
  list.addEventListener('load', () => follows && toEnd(), true);
  let typist;
  let typingTimer;

  const context = {
    store,
    texts,
    onFailure: () => onFailure(texts.of('cannotPlay')),
    answer: (message) => store.answer(message),
    goTo: (key) => {
      const row = rowOf(key);
      row?.scrollIntoView({ block: 'center', behavior: 'smooth' });
      flash(row);
    },
  };
  const rowOf = (key) => list.querySelector(`[data-key="${key}"]`);
  const flash = (row) => {
    const bubble = row?.querySelector('.bubble');
    bubble?.classList.remove('changed');
    requestAnimationFrame(() => bubble?.classList.add('changed'));
  };

  const showHead = () => {
    const { chat } = store;
    if (!chat) return;
    const back = h('button', { class: 'back', type: 'button', 'aria-label': texts.of('back'), on: { click: goBack } }, icon('back'));
    const under = typist === undefined ? h('p', { text: texts.of(`kinds.${chat.kind}`) }) : typingLine(typist);
    head.replaceChildren(back, chatAvatar(chat, store, 'medium'), h('div', {}, h('h1', { text: chat.title }), under));
  };
  const typingLine = (personId) => {
    const name = personId === store.ownerId ? 'Gramscribe' : store.person(personId);
    return h('p', { class: 'typing', text: texts.of('typing', { name }) }, h('i'), h('i'), h('i'));
  };
  const setTypist = (personId) => {
    clearTimeout(typingTimer);
    typist = personId;
    if (personId !== undefined) typingTimer = setTimeout(() => setTypist(undefined), TYPING_MS);
    showHead();
  };

  const showAll = () => {
    setTypist(undefined);
    const { chat } = store;
    if (!chat) return;
    const messages = store.messagesOf(chat.key);
    const rows = [h('p', { class: 'hint', text: texts.of(`hints.${chat.kind}`) })];
    messages.forEach((message, index) => rows.push(...rowsFor(message, messages[index - 1])));
    list.replaceChildren(...rows);
    list.setAttribute('aria-label', chat.title);
    toEnd();
  };
  /** The message, after the day that it begins, set apart from another person's. */
  const rowsFor = (message, before) => {
    const { language } = texts;
    const row = messageRow(message, context);
    row.classList.toggle('next', before !== undefined && before.fromUserId !== message.fromUserId);
    const date = day(message.dateMs, language);
    if (before && day(before.dateMs, language) === date) return [row];
    const isToday = date === day(Date.now(), language);
    return [h('p', { class: 'day', text: isToday ? `${texts.of('today')}, ${date}` : date }), row];
  };

  store.addEventListener('message', ({ detail: message }) => {
    if (message.chatKey !== store.openChatKey) return;
    if (message.fromUserId === typist) setTypist(undefined);
    const rows = rowsFor(message, store.messagesOf(message.chatKey).at(-2));
    rows.at(-1).classList.add('new');
    list.append(...rows);
    if (follows || message.fromUserId === store.ownerId) toEnd();
  });
  store.addEventListener('edit', ({ detail: message }) => {
    const row = rowOf(message.key);
    if (!row || message.chatKey !== store.openChatKey) return;
    const fresh = messageRow(message, context);
    fresh.classList.toggle('next', row.classList.contains('next'));
    row.replaceWith(fresh);
    flash(fresh);
    if (follows) toEnd();
  });
  store.addEventListener('delete', ({ detail: keys }) => keys.forEach((key) => rowOf(key)?.remove()));
  store.addEventListener('typing', ({ detail }) => detail.chatKey === store.openChatKey && setTypist(detail.personId));
  for (const event of ['scene', 'chat']) store.addEventListener(event, showAll);
  texts.onChange(showAll);
}
