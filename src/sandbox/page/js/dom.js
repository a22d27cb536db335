/**
 * Makes an element. Attributes are set as such; `on` holds listeners, `class` and `text` are what they say. Text only ever
 * becomes text nodes, whatever is in it.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || value === null) continue;
    if (name === 'on') for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    else if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** One of the drawings in icons.svg. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** The line around a round video that fills as it plays. */
export function progressRing() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'ring');
  svg.setAttribute('viewBox', '0 0 208 208');
  svg.setAttribute('aria-hidden', 'true');
  const circle = document.createElementNS(SVG, 'circle');
  for (const [name, value] of Object.entries({ cx: 104, cy: 104, r: 102, pathLength: 1, 'stroke-dasharray': '0 1' })) {
    circle.setAttribute(name, String(value));
  }
  svg.append(circle);
  const show = (part) => {
    circle.setAttribute('stroke-dasharray', `${part} 1`);
    svg.toggleAttribute('hidden', part === 0);
  };
  show(0);
  return { svg, show };
}
