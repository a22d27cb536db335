import { h, icon } from './dom.js';

/** A person's initial on their colour. */
export function personAvatar({ name, tint }, size = '') {
  return h('span', { class: `avatar ${size} tint-${tint % 4}`, 'aria-hidden': 'true', text: [...name][0] ?? '' });
}

export function chatAvatar(chat, store, size = '') {
  if (chat.kind === 'group') return h('span', { class: `avatar ${size} tint-3`, 'aria-hidden': 'true' }, icon('group'));
  if (chat.kind === 'saved') return h('span', { class: `avatar ${size} tint-2`, 'aria-hidden': 'true' }, icon('bookmark'));
  return personAvatar(store.people.get(chat.speakerIds[0]), size);
}
