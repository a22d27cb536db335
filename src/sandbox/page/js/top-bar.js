import { h, icon } from './dom.js';
import { seconds } from './format.js';

/** Name, state of the daemon, model, the last voice's timing, language, and the switch of the log. */
export function showTopBar({ store, texts, toggleLog, isLogShown }) {
  const top = document.getElementById('top');
  const note = document.getElementById('note');
  const state = h('span', { class: 'fact state', role: 'status' });
  const model = h('span', { class: 'fact model' });
  const timing = h('span', { class: 'fact timing' });
  const brand = h('span');
  const languages = h('div', { class: 'languages', role: 'group' }, ['en', 'ru'].map((language) =>
    h('button', { type: 'button', lang: language, text: language.toUpperCase(), on: { click: () => texts.choose(language) } }),
  ));
  const logLabel = h('span');
  const logSwitch = h('button', { class: 'log-toggle', type: 'button', on: { click: () => toggleLog() } }, icon('log'), logLabel);
  top.append(
    h('div', { class: 'brand' }, h('img', { src: '/logo.svg', alt: '' }), h('div', {}, h('b', { text: 'Gramscribe' }), brand)),
    h('div', { class: 'facts' }, timing, model, state, languages, logSwitch),
  );

  let isNoteClosed = false;
  const closeNote = h('button', { type: 'button', on: { click: () => (isNoteClosed = note.hidden = true) } }, icon('close'));
  const show = () => {
    const { daemon, isBundledModel, lastVoice } = store.state;
    document.title = texts.of('title');
    brand.textContent = texts.of('tagline');
    state.dataset.daemon = daemon;
    state.textContent = texts.of(`state.${daemon}`);
    model.textContent = texts.of('model', { name: store.state.model });
    timing.textContent = lastVoice ? timingText(lastVoice) : texts.of('noVoiceYet');
    timing.title = timing.textContent;
    note.replaceChildren(icon('info'), h('span', { text: texts.of('bundledNote') }), closeNote);
    closeNote.setAttribute('aria-label', texts.of('close'));
    note.hidden = !isBundledModel || isNoteClosed;
    languages.setAttribute('aria-label', texts.of('language'));
    for (const button of languages.children) button.setAttribute('aria-pressed', String(button.lang === texts.language));
    logLabel.textContent = texts.of('showLog');
    logSwitch.setAttribute('aria-label', texts.of('log'));
    logSwitch.setAttribute('aria-pressed', String(isLogShown()));
  };
  const timingText = ({ audioMs, transcribeMs, sinceArrivalMs }) =>
    texts.of('lastVoice', {
      audio: seconds(audioMs, texts.language),
      heard: seconds(transcribeMs, texts.language),
      answered: seconds(sinceArrivalMs, texts.language),
    });
  for (const event of ['scene', 'state']) store.addEventListener(event, show);
  texts.onChange(show);
  show();
  return { show };
}
