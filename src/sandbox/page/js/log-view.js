import { h, icon } from './dom.js';
import { clockWithSeconds } from './format.js';

const KEPT_LINES = 400;
const NEAR_END_PX = 40;
const ARRIVAL_MS = 900;
const isStill = matchMedia('(prefers-reduced-motion: reduce)');

/** The lines that tell how a voice ended stand out, and why one was left alone is shown without its details being asked for. */
function classOf(fields) {
  if (fields.some(([name]) => name === 'sinceArrivalMs')) return 'answered';
  return fields.some(([name]) => name === 'because') && 'decision';
}

/** There is one account, and a job names its chat: these are for those who want the details. */
function fieldOf([name, value], fields) {
  const isMinor = name === 'account' || (name === 'chat' && fields.some(([other]) => other === 'job'));
  return h('span', { class: `field${isMinor ? ' minor' : ''}` }, `${name}=`, h('b', { text: value }));
}

/** The daemon's log as it comes; it follows its end unless the viewer has scrolled up. */
export function showLog({ store, texts, toggleLog }) {
  const panel = document.getElementById('log');
  const title = h('span');
  const hide = h('button', { type: 'button', on: { click: () => toggleLog(false) } }, icon('close'));
  const list = h('ol', { tabindex: 0 });
  const newestLabel = h('span');
  const newest = h('button', { class: 'newest', type: 'button', hidden: true, on: { click: () => toEnd() } }, icon('down'), newestLabel);
  const details = h('button', { class: 'details', type: 'button', 'aria-pressed': 'false', on: { click: () => toggleDetails() } });
  panel.append(h('header', {}, title, details, hide), list, newest);

  const isNearEnd = () => list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  const toEnd = () => {
    list.scrollTop = list.scrollHeight;
    newest.hidden = true;
  };
  const toggleDetails = () => {
    details.setAttribute('aria-pressed', String(panel.classList.toggle('detailed')));
    toEnd();
  };
  const lineOf = ({ timeMs, level, message, fields }) =>
    h(
      'li',
      { 'data-level': level, class: classOf(fields) },
      h('time', { text: clockWithSeconds(timeMs, texts.language) }),
      h('div', { class: 'said' }, h('span', { text: message }), fields.map((field) => fieldOf(field, fields))),
    );
  const showAll = () => {
    list.replaceChildren(...store.log.map(lineOf));
    toEnd();
  };
  const showTexts = () => {
    panel.setAttribute('aria-label', texts.of('log'));
    title.textContent = texts.of('log');
    list.setAttribute('aria-label', texts.of('log'));
    hide.setAttribute('aria-label', texts.of('hideLog'));
    details.textContent = texts.of('details');
    newestLabel.textContent = texts.of('newest');
  };
  store.addEventListener('log', ({ detail: line }) => {
    const follows = isNearEnd();
    const row = lineOf(line);
    list.append(row);
    if (!isStill.matches) row.animate({ backgroundColor: ['rgb(63 199 180 / 22%)', 'transparent'] }, ARRIVAL_MS);
    while (list.children.length > KEPT_LINES) list.firstElementChild.remove();
    if (follows) toEnd();
    else newest.hidden = false;
  });
  list.addEventListener('scroll', () => isNearEnd() && (newest.hidden = true));
  store.addEventListener('scene', showAll);
  texts.onChange(showTexts);
  showTexts();
  return { toEnd };
}
