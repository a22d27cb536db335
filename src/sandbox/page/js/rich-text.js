import { h, icon } from './dom.js';

/** They stand on lines of their own, so the line end after one is not shown as well. */
const BLOCKS = new Set(['quote', 'collapsed-quote']);
const INLINE = { bold: 'b', italic: 'i', underline: 'u', strike: 's', code: 'code', pre: 'pre' };

/** A message's text with its styles, as nodes. Entities are in order and nested, as Telegram keeps them. */
export function richText({ text, entities }, texts) {
  return render(text, entities, { from: 0, to: text.length }, texts);
}

function render(text, entities, { from, to }, texts) {
  const nodes = [];
  let at = from;
  let rest = entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, to);
    const inside = others.filter((other) => other.offset < end);
    const isBlock = BLOCKS.has(entity.type);
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    nodes.push(styled(entity, render(text, inside, { from: entity.offset, to: end }, texts), texts));
    at = isBlock && end < to && text[end] === '\n' && others.every(({ offset }) => offset !== end) ? end + 1 : end;
    rest = others.filter((other) => other.offset >= end);
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function styled(entity, children, texts) {
  if (entity.type in INLINE) return h(INLINE[entity.type], {}, children);
  if (entity.type === 'quote') return h('blockquote', {}, children);
  if (entity.type === 'collapsed-quote') return foldedQuote(children, texts);
  if (entity.type === 'text-url' && /^https?:\/\//i.test(entity.url)) {
    return h('a', { href: entity.url, target: '_blank', rel: 'noopener noreferrer' }, children);
  }
  return h('span', {}, children);
}

/** Three lines of it, and a button for the rest. */
function foldedQuote(children, texts) {
  const label = h('span', { text: texts.of('showAll') });
  const button = h('button', { class: 'unfold', type: 'button', 'aria-expanded': 'false' }, icon('down'), label);
  const quote = h('blockquote', { class: 'folded' }, h('div', { class: 'inside' }, children), button);
  button.addEventListener('click', () => {
    const isFolded = quote.classList.toggle('folded');
    button.setAttribute('aria-expanded', String(!isFolded));
    label.textContent = texts.of(isFolded ? 'showAll' : 'showLess');
  });
  return quote;
}
