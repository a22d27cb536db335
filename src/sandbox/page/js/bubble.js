import { personAvatar } from './avatar.js';
import { h, icon } from './dom.js';
import { clock, day, clockWithSeconds, fileSize } from './format.js';
import { messageSummary } from './message-summary.js';
import { videoNotePlayer, voicePlayer } from './players.js';
import { richText } from './rich-text.js';
import { wordsRight } from './words.js';

/** One message. `context`: store, texts, what to do when a player fails, and to be told of a wish to answer. */
export function messageRow(message, context) {
  const { store, texts } = context;
  const chat = store.chats.find(({ key }) => key === message.chatKey);
  const person = store.people.get(message.fromUserId);
  const isNamed = chat.kind === 'group' && !message.own;
  const isRound = message.media?.kind === 'video-note';
  const answer = h(
    'button',
    { class: 'answer-to', type: 'button', 'aria-label': texts.of('reply'), title: texts.of('reply'), on: { click: () => context.answer(message) } },
    icon('reply'),
  );
  const bubble = h(
    'div',
    { class: `bubble${isRound ? ' round' : ''}` },
    isNamed && h('div', { class: 'author', text: person.name }),
    message.replyToKey !== undefined && quotedLine(store.messages.get(message.replyToKey), context),
    message.media && mediaOf(message.media, context),
    message.text !== '' && h('div', { class: 'text' }, richText(message, texts)),
    isRound ? h('div', { class: 'under' }, reference(message), meta(message, context)) : [reference(message), meta(message, context)],
  );
  return h(
    'div',
    { class: `row${message.own ? ' own' : ''}`, 'data-key': message.key },
    isNamed && personAvatar(person),
    bubble,
    answer,
  );

  function reference({ reference: said }) {
    if (!said) return undefined;
    return h('span', { class: 'reference' }, h('span', { class: 'language', text: said.language }), `${texts.of('said')} ${said.text}`);
  }
}

function mediaOf(media, context) {
  if (media.kind === 'voice' || media.kind === 'audio') return voicePlayer(media, context);
  if (media.kind === 'video-note') return videoNotePlayer(media, context);
  if (media.kind === 'photo') {
    return h('a', { class: 'picture', href: media.url, target: '_blank' }, h('img', { src: media.url, alt: context.texts.of('picture') }));
  }
  const name = media.fileName ?? context.texts.of('file');
  return h(
    'a',
    { class: 'document', href: media.url, download: name },
    icon('document'),
    h('span', {}, h('b', { text: name }), h('span', { class: 'size', text: fileSize(media.sizeBytes, context.texts.language) })),
  );
}

/** Whom and what the message answers; a click goes there. */
function quotedLine(message, { store, texts, goTo }) {
  if (!message) return undefined;
  return h(
    'button',
    { class: 'quoted', type: 'button', on: { click: () => goTo(message.key) } },
    h('b', { text: store.person(message.fromUserId) }),
    h('span', { text: messageSummary(message, texts) }),
  );
}

function meta(message, { store, texts }) {
  const { language } = texts;
  const time = h('time', {
    datetime: new Date(message.dateMs).toISOString(),
    title: `${day(message.dateMs, language)}, ${clockWithSeconds(message.dateMs, language)}`,
    text: clock(message.dateMs, language),
  });
  return h('div', { class: 'meta' }, score(message, store, texts), message.editedMs && h('span', { text: texts.of('edited') }), time);
}

/** How an answer compares to what is known to have been said. */
function score(message, store, texts) {
  const answered = store.messages.get(message.replyToKey);
  if (!message.own || !answered?.reference) return undefined;
  const { right, all, heard } = wordsRight(answered.reference.text, message.text);
  // What the viewer typed is one only where a command made it the text of the voice.
  if (message.typed && right * 2 < all) return undefined;
  const isAll = right === all && heard === all;
  return h('span', { class: `score ${isAll ? 'all' : 'some'}`, text: `${isAll ? '✓ ' : ''}${texts.of('wordsRight', { right, all })}` });
}
