import { personAvatar } from './avatar.js';
import { h, icon } from './dom.js';
import { duration } from './format.js';
import { Recorder } from './recorder.js';
import { sayClip, sayRecording } from './server.js';

const MAX_UPLOAD_BYTES = 64 * 1024 * 1024;
const TICK_MS = 250;

/** Makes the other people speak: prepared clips, the viewer's microphone, a file. Undefined where nobody else is. */
export function speakLane({ store, texts, attempt, onFailure, choices, redraw }) {
  const { chat } = store;
  if (!chat || chat.speakerIds.length === 0) return undefined;
  if (!chat.speakerIds.includes(choices.personId)) choices.personId = chat.speakerIds[0];
  const speaker = { chatKey: chat.key, personId: choices.personId };
  const choose = (name) => (value) => {
    choices[name] = value;
    redraw();
  };
  const clipLanguage = choices.clipLanguage ?? texts.language;
  const languages = [...new Set(store.clips.map(({ language }) => language))].sort((a) => (a === texts.language ? -1 : 1));
  const who =
    chat.speakerIds.length === 1
      ? h('span', { class: 'who' }, personAvatar(store.people.get(choices.personId), 'small'), h('span', { text: texts.of('says', { name: store.person(choices.personId) }) }))
      : choice(chat.speakerIds.map((id) => [id, store.person(id)]), choices.personId, choose('personId'));
  return h(
    'section',
    { class: 'speak', 'aria-label': texts.of('speakAs') },
    h(
      'div',
      { class: 'bar' },
      who,
      choice(languages.map((language) => [language, texts.of(`clipLanguages.${language}`), language.toUpperCase()]), clipLanguage, choose('clipLanguage')),
      choice([['voice', texts.of('asVoice')], ['video-note', texts.of('asVideoNote')]], choices.kind, choose('kind')),
      h('div', { class: 'tools' }, microphone({ speaker, texts, attempt, onFailure }), upload({ speaker, texts, attempt, onFailure })),
    ),
    h(
      'div',
      { class: 'clips', on: { wheel: scrollSideways } },
      store.clips.filter(({ language }) => language === clipLanguage).map((clip) => clipButton(clip)),
    ),
  );

  function clipButton(clip) {
    const about = [duration(clip.durationSec), texts.of(`clipLanguages.${clip.language}`), ...(clip.isLong ? [texts.of('long')] : [])];
    const button = h(
      'button',
      { class: `clip${clip.isLong ? ' long' : ''}`, type: 'button', title: clip.isLong ? texts.of('longAbout') : clip.text, 'data-clip': clip.id },
      icon(clip.isLong ? 'spark' : 'play'),
      h('b', { text: clip.text }),
      h('span', { text: about.join(' · ') }),
    );
    button.addEventListener('click', async () => {
      button.disabled = true;
      await attempt(() => sayClip({ ...speaker, clipId: clip.id, kind: choices.kind }));
      button.disabled = false;
    });
    return button;
  }
}

/** A mouse wheel turns one way only. */
function scrollSideways(event) {
  if (event.deltaX !== 0) return;
  event.preventDefault();
  event.currentTarget.scrollLeft += event.deltaY;
}

/** A few values of which one is chosen. */
function choice(values, chosen, choose) {
  return h('div', { class: 'choice', role: 'group' }, values.map(([value, label, short = label]) =>
    h(
      'button',
      { type: 'button', 'data-value': value, 'aria-pressed': String(value === chosen), 'aria-label': label, on: { click: () => choose(value) } },
      h('span', { class: 'wide', text: label }),
      h('span', { class: 'narrow', text: short }),
    ),
  ));
}

function upload({ speaker, texts, attempt, onFailure }) {
  const input = h('input', { type: 'file', class: 'sr', tabindex: -1, 'aria-hidden': 'true' });
  const button = h('button', { class: 'tool', type: 'button', title: texts.of('uploadAbout'), 'aria-label': texts.of('uploadAbout') }, icon('upload'), h('span', { text: texts.of('upload') }));
  button.addEventListener('click', () => input.click());
  input.addEventListener('change', async () => {
    const [file] = input.files;
    input.value = '';
    if (!file) return;
    if (file.size > MAX_UPLOAD_BYTES) return onFailure(texts.of('tooLarge'));
    button.disabled = true;
    await attempt(() => sayRecording(speaker, file));
    button.disabled = false;
  });
  return [button, input];
}

function microphone({ speaker, texts, attempt, onFailure }) {
  if (!Recorder.isPossible) return [];
  const recorder = new Recorder();
  let ticking;
  const label = h('span', { text: texts.of('record') });
  const button = h('button', { class: 'tool record', type: 'button', 'aria-label': texts.of('record') }, icon('mic'), label);
  const away = h('button', { class: 'tool throw', type: 'button', hidden: true, 'aria-label': texts.of('cancelRecording'), title: texts.of('cancelRecording') }, icon('close'));
  const show = () => {
    label.textContent = recorder.isOn ? texts.of('stopRecording', { time: duration(recorder.elapsedSec) }) : texts.of('record');
    button.setAttribute('aria-label', recorder.isOn ? texts.of('send') : texts.of('record'));
    button.classList.toggle('recording', recorder.isOn);
    away.hidden = !recorder.isOn;
  };
  const end = async () => {
    clearInterval(ticking);
    const recording = await recorder.stop();
    show();
    return recording;
  };
  button.addEventListener('click', async () => {
    if (recorder.isOn) {
      const recording = await end();
      return attempt(() => sayRecording(speaker, recording));
    }
    try {
      await recorder.start();
    } catch {
      return onFailure(texts.of('microphoneRefused'));
    }
    // The lane may have been drawn anew meanwhile (another chat): nothing would be left to end the recording with.
    if (!button.isConnected) return recorder.stop();
    ticking = setInterval(() => (button.isConnected ? show() : end()), TICK_MS);
    return show();
  });
  away.addEventListener('click', end);
  return [button, away];
}
