import { speakLane } from './speak-lane.js';
import { writeLane } from './write-lane.js';

/** Below the messages: what others are made to say, and what the owner writes. */
export function showComposer({ store, texts, attempt, onFailure }) {
  const composer = document.getElementById('composer');
  const choices = { kind: 'voice', clipLanguage: undefined, personId: undefined };
  const draft = { text: '' };
  const redraw = () => {
    const focused = document.activeElement;
    const chosen = focused?.dataset?.value;
    const isWriting = focused?.matches?.('.write input') ?? false;
    const parts = { store, texts, attempt, onFailure, choices, draft, redraw };
    composer.replaceChildren(...[speakLane(parts), writeLane(parts)].filter(Boolean));
    if (isWriting) composer.querySelector('.write input').focus();
    else if (chosen) composer.querySelector(`[data-value="${CSS.escape(chosen)}"]`)?.focus();
  };
  /** A wish to answer changes the lower lane alone: a recording above goes on. */
  const redrawWriting = () => {
    composer.querySelector('.write')?.replaceWith(writeLane({ store, texts, attempt, draft }));
    if (store.replyTo) composer.querySelector('.write input').focus();
  };
  for (const event of ['scene', 'chat']) store.addEventListener(event, redraw);
  store.addEventListener('reply', redrawWriting);
  texts.onChange(redraw);
}
