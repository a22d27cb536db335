import { h, icon, progressRing } from './dom.js';
import { duration } from './format.js';

const SHOWN_BARS = 42;
const STEP_SEC = 2;

/** One recording plays at a time. */
let playing;

function playAlone(media) {
  if (playing && playing !== media) playing.pause();
  playing = media;
  return media.play();
}

/** Play button, waveform to seek in, and time of a voice message. */
export function voicePlayer({ url, durationSec, bars = [] }, { texts, onFailure }) {
  const audio = new Audio();
  audio.preload = 'none';
  audio.src = url;
  const button = h('button', { class: 'play', type: 'button', 'aria-label': texts.of('play') }, icon('play'));
  const wave = h('div', { class: 'wave', role: 'slider', tabindex: 0, 'aria-label': texts.of('seek') });
  const shown = heights(bars).map((height) => {
    const bar = h('i');
    bar.style.height = `${Math.round(height * 100)}%`;
    return bar;
  });
  wave.append(...shown);
  const length = h('span', { class: 'length', text: duration(durationSec) });
  const total = () => (Number.isFinite(audio.duration) ? audio.duration : durationSec);
  const show = () => {
    const part = total() > 0 ? audio.currentTime / total() : 0;
    shown.forEach((bar, index) => bar.classList.toggle('played', index < part * shown.length));
    length.textContent = duration(audio.paused && audio.currentTime === 0 ? durationSec : audio.currentTime);
    wave.setAttribute('aria-valuemin', '0');
    wave.setAttribute('aria-valuemax', String(Math.round(total())));
    wave.setAttribute('aria-valuenow', String(Math.round(audio.currentTime)));
    wave.setAttribute('aria-valuetext', duration(audio.currentTime));
  };
  const showButton = () => {
    button.replaceChildren(icon(audio.paused ? 'play' : 'pause'));
    button.setAttribute('aria-label', texts.of(audio.paused ? 'play' : 'pause'));
  };
  const seek = (sec) => {
    audio.currentTime = Math.min(Math.max(0, sec), total());
    show();
  };
  const start = () => playAlone(audio).catch(onFailure);
  for (const event of ['play', 'pause', 'ended']) audio.addEventListener(event, showButton);
  audio.addEventListener('timeupdate', show);
  audio.addEventListener('ended', () => seek(0));
  button.addEventListener('click', () => (audio.paused ? start() : audio.pause()));
  wave.addEventListener('click', (event) => {
    const { left, width } = wave.getBoundingClientRect();
    seek(((event.clientX - left) / width) * total());
    if (audio.paused) start();
  });
  wave.addEventListener('keydown', (event) => {
    const step = { ArrowRight: STEP_SEC, ArrowUp: STEP_SEC, ArrowLeft: -STEP_SEC, ArrowDown: -STEP_SEC }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    seek(audio.currentTime + step);
  });
  show();
  return h('div', { class: 'voice' }, button, wave, length);
}

/** A round video message; a click plays and pauses it. */
export function videoNotePlayer({ url, durationSec }, { texts, onFailure }) {
  const video = h('video', { src: url, preload: 'metadata', playsinline: true, tabindex: -1 });
  const ring = progressRing();
  const length = h('span', { class: 'length', text: duration(durationSec) });
  const sign = h('span', { class: 'sign' }, icon('play'));
  const button = h('button', { class: 'video-note', type: 'button', 'aria-label': texts.of('play') }, video, ring.svg, sign, length);
  button.addEventListener('click', () => (video.paused ? playAlone(video).catch(onFailure) : video.pause()));
  for (const event of ['play', 'pause', 'ended']) {
    video.addEventListener(event, () => {
      button.classList.toggle('playing', !video.paused);
      button.setAttribute('aria-label', texts.of(video.paused ? 'play' : 'pause'));
    });
  }
  video.addEventListener('timeupdate', () => {
    ring.show(video.currentTime / (video.duration || durationSec || 1));
    length.textContent = duration(Math.max(0, durationSec - video.currentTime));
  });
  video.addEventListener('ended', () => {
    video.currentTime = 0;
    ring.show(0);
  });
  return button;
}

/** Bars of 0..1, as many as there is room for; flat where there is no waveform. */
function heights(bars) {
  if (bars.length === 0) return new Array(SHOWN_BARS).fill(0);
  return Array.from({ length: SHOWN_BARS }, (_, index) => {
    const from = Math.floor((index * bars.length) / SHOWN_BARS);
    const to = Math.max(from + 1, Math.floor(((index + 1) * bars.length) / SHOWN_BARS));
    return Math.max(...bars.slice(from, to)) / 31;
  });
}
