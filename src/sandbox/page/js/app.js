import { showChatList } from './chat-list.js';
import { showComposer } from './composer.js';
import { showConversation } from './conversation.js';
import { showLog } from './log-view.js';
import { follow } from './server.js';
import { Store } from './store.js';
import { Texts } from './texts.js';
import { showTopBar } from './top-bar.js';

const TOAST_MS = 6000;
const isNarrow = matchMedia('(max-width: 900px)');

const texts = await Texts.load();
const store = new Store();
const { body } = document;

let toastTimer;
function onFailure(text) {
  const toast = document.getElementById('toast');
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => (toast.hidden = true), TOAST_MS);
}

/** Does what the viewer asked for, and says so where it did not work. */
async function attempt(act) {
  try {
    await act();
    return true;
  } catch (error) {
    onFailure(texts.of('failed', { reason: error.message }));
    return false;
  }
}

const isLogShown = () => (isNarrow.matches ? body.dataset.view === 'log' : body.dataset.log === 'open');

/** Beside the chat where there is room, else in its place. */
function toggleLog(shown = !isLogShown()) {
  if (isNarrow.matches) body.dataset.view = shown ? 'log' : 'chat';
  else body.dataset.log = shown ? 'open' : 'closed';
  if (shown) log.toEnd();
  topBar.show();
}

function openChat(key) {
  body.dataset.view = 'chat';
  store.open(key);
  topBar.show();
}

function goBack() {
  body.dataset.view = 'chats';
  document.querySelector('.chat[aria-current="true"]')?.focus();
}

const topBar = showTopBar({ store, texts, toggleLog, isLogShown });
showChatList({ store, texts, openChat, attempt });
showConversation({ store, texts, onFailure, goBack });
showComposer({ store, texts, attempt, onFailure });
const log = showLog({ store, texts, toggleLog });
isNarrow.addEventListener('change', () => {
  if (!isNarrow.matches && body.dataset.view === 'log') body.dataset.view = 'chat';
  topBar.show();
});
follow(store);
