import { personAvatar } from './avatar.js';
import { h, icon } from './dom.js';
import { messageSummary } from './message-summary.js';
import { writeText } from './server.js';

const COMMANDS = ['.help', '.status', '.info', '.track', '.policy', '.remind 9s 🍵'];
/** Of the message that is answered. */
const COMMANDS_IN_REPLY = ['.why', '.transcribe', '.retry'];

/** What the owner writes: messages, and commands for the daemon. */
export function writeLane({ store, texts, attempt, draft }) {
  const input = h('input', {
    type: 'text',
    maxlength: 4096,
    autocomplete: 'off',
    placeholder: texts.of('writePlaceholder'),
    'aria-label': texts.of('writePlaceholder'),
  });
  input.value = draft.text;
  input.addEventListener('input', () => (draft.text = input.value));
  const write = async (text) => {
    const replyTo = store.replyTo;
    if (text.trim() === '') return;
    const order = { chatKey: store.openChatKey, text, ...(replyTo ? { replyToKey: replyTo.key } : {}) };
    if (!(await attempt(() => writeText(order)))) return;
    if (replyTo) store.answer(undefined);
  };
  const form = h(
    'form',
    {},
    input,
    h('button', { class: 'send', type: 'submit', 'aria-label': texts.of('send'), title: texts.of('send') }, icon('send')),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const { value } = input;
    input.value = '';
    draft.text = '';
    write(value);
  });
  const commands = (store.replyTo ? COMMANDS_IN_REPLY : COMMANDS).map((command) =>
    h('button', { class: 'command', type: 'button', text: command, on: { click: () => write(command) } }),
  );
  const owner = store.people.get(store.ownerId);
  const who = owner && h('span', { class: 'who' }, personAvatar(owner, 'small'), h('span', { text: texts.of('writeAs') }));
  return h('section', { class: 'write' }, h('div', { class: 'commands' }, who, commands), answering(), form);

  function answering() {
    const { replyTo } = store;
    if (!replyTo) return undefined;
    return h(
      'div',
      { class: 'answering' },
      h('div', { class: 'quoted' }, h('b', { text: `${texts.of('replyingTo')}: ${store.person(replyTo.fromUserId)}` }), h('span', { text: messageSummary(replyTo, texts) })),
      h('button', { type: 'button', 'aria-label': texts.of('cancelReply'), on: { click: () => store.answer(undefined) } }, icon('close')),
    );
  }
}
