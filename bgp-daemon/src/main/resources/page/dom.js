/**
 * Elements out of values, and the change of what is shown into something new. Text is always a text node: what a peer or a file has chosen
 * is never read as HTML.
 */

const HANDLERS = ['onclick', 'onsubmit', 'onchange', 'oninput', 'ontoggle'];
const PROPERTIES = [...HANDLERS, 'chart'];

/**
 * Makes an element. Attributes that are null, undefined or false are left out; functions are handlers. Children are nodes, texts, numbers,
 * arrays of them, or nothing (null, undefined, false).
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (PROPERTIES.includes(name)) {
      element[name] = value;
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...nodes(children));
  return element;
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

const SVG = 'http://www.w3.org/2000/svg';

/** What each icon is drawn of, in a square of 16. */
const ICONS = {
  ok: 'M3 8.5l3.2 3.3L13 4.5',
  warn: 'M8 2.5L14.5 13.5H1.5z M8 6.5v3.2 M8 11.6v.1',
  bad: 'M4 4l8 8 M12 4l-8 8',
  off: 'M4 4h8v8H4z',
  wait: 'M8 2a6 6 0 1 0 .1 0 M8 4.8V8l2.4 1.6',
  active: 'M2 8h10.5 M8.5 4l4.3 4-4.3 4',
  passive: 'M2 8h1.8 M6.4 8h1.8 M10.8 8h1.8',
  info: 'M8 2a6 6 0 1 0 .1 0 M8 7.3v4 M8 4.9v.1',
  route: 'M3 12a2 2 0 1 0 .1 0 M5 12h3a2.5 2.5 0 0 0 0-8H6 M8.5 1.7L6 4l2.5 2.3',
  host: 'M2 3h12v8H2z M5.5 13.5h5',
  gear: 'M2 4.5h7 M12 4.5h2 M2 11.5h2 M7 11.5h7 M10.5 3v3 M5.5 10v3',
};

/** An icon beside a word that says the same. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/** Makes the children of an element those of the list, and keeps nodes that stay: focus, typed text, and what is folded out stay too. */
export function patch(element, ...children) {
  patchChildren(element, nodes(children));
}

function patchChildren(element, wanted) {
  const keyed = new Map();
  for (const child of element.children) {
    if (child.dataset.key) {
      keyed.set(child.dataset.key, child);
    }
  }
  let current = element.firstChild;
  for (const next of wanted) {
    const old = (next.dataset?.key && keyed.get(next.dataset.key)) || (isSame(current, next) ? current : null);
    if (!old) {
      element.insertBefore(next, current);
      continue;
    }
    if (old === current) {
      current = current.nextSibling;
    } else {
      element.insertBefore(old, current);
    }
    patchNode(old, next);
  }
  while (current) {
    const gone = current;
    current = current.nextSibling;
    gone.remove();
  }
}

function isSame(old, next) {
  return Boolean(old) && old.nodeName === next.nodeName && !old.dataset?.key && !next.dataset?.key;
}

function patchNode(old, next) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== next.data) {
      old.data = next.data;
    }
    return;
  }
  patchAttributes(old, next);
  PROPERTIES.filter((name) => next[name] !== undefined).forEach((name) => (old[name] = next[name]));
  if (!next.hasAttribute('data-keep')) {
    patchChildren(old, [...next.childNodes]);
  }
}

/** What the operator has folded out, typed or chosen counts, until the page wants something else than it did. */
function patchAttributes(old, next) {
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
      if (name === 'value') {
        old.value = value;
      } else if (name === 'selected') {
        old.selected = true;
      }
    }
  }
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !(name === 'open' && old.nodeName === 'DETAILS')) {
      old.removeAttribute(name);
    }
  }
}
