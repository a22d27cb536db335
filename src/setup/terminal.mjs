import { formatDuration } from './format.mjs';

const BAR_CELLS = 20;
const QUIET_LINE_MS = 15_000;
const REDRAW_MS = 80;

/**
 * The lines of the set-up on standard error (standard output belongs to the command that follows). On a terminal the line
 * of the step at work is redrawn in place; elsewhere a line is written when something new begins, and now and then between.
 *
 * @param {{ stream: NodeJS.WriteStream, texts: import('./texts.mjs').SetupTexts, labelWidth: number, now?: () => number, isColored: boolean }} options
 */
export function createTerminal({ stream, texts, labelWidth, now = () => performance.now(), isColored }) {
  const isLive = stream.isTTY;
  let lastDrawMs = -Infinity;
  let lastText = '';

  /** @param {number} code @param {string} text */
  const color = (code, text) => (isColored ? `\x1b[${code}m${text}\x1b[0m` : text);
  const clear = () => (isLive ? '\r\x1b[2K' : '');
  /** @param {string} label */
  const column = (label) => label.padEnd(labelWidth);
  /** @param {string} line */
  const write = (line) => stream.write(`${clear()}${line}\n`);
  const indent = ' '.repeat(4);

  /** @param {string} label @param {string} text @param {number | undefined} percent @param {string} more */
  const show = (label, text, percent, more) => {
    const isNew = text !== lastText;
    if (!isNew && now() - lastDrawMs < (isLive ? REDRAW_MS : QUIET_LINE_MS)) return;
    lastText = text;
    lastDrawMs = now();
    const amount = percent === undefined ? '' : `${isLive ? bar(percent) + ' ' : ''}${String(Math.floor(percent)).padStart(3)} %`;
    const line = [text, amount, more].filter((piece) => piece !== '').join('  ');
    if (isLive) stream.write(`${clear()}${fit(`… ${column(label)}  ${line}`, stream.columns)}`);
    else if (isNew || percent !== undefined) write(`… ${column(label)}  ${line}`);
  };

  return {
    /** @param {string} label @returns {import('./setup-step.mjs').Progress} */
    progress(label) {
      return {
        say: (text) => show(label, text, undefined, ''),
        percent: (text, percent, more = '') => show(label, text, Math.max(0, Math.min(100, percent)), more),
        note: (text) => write(`${color(33, '!')} ${column(label)}  ${text}`),
      };
    },
    /** @param {string} label @param {string} text @param {number} tookMs */
    done(label, text, tookMs) {
      write(`${color(32, '✓')} ${column(label)}  ${text}  ${color(2, formatDuration(tookMs, texts))}`);
    },
    /** @param {string} label @param {string} text @param {string | undefined} remedy */
    warning(label, text, remedy) {
      write(`${color(33, '!')} ${column(label)}  ${text}`);
      if (remedy !== undefined) write(indented(remedy, indent));
    },
    /** @param {string} label @param {string} text @param {{ remedy?: string | undefined, logPath?: string | undefined }} [more] */
    failed(label, text, { remedy, logPath } = {}) {
      write(`${color(31, '✗')} ${column(label)}  ${text}`);
      if (remedy !== undefined) write(indented(remedy, indent));
      if (logPath !== undefined) write(indent + texts.fullLog(logPath));
    },
    /** A line of its own. @param {string} text */
    line(text) {
      write(text);
    },
  };
}

/** @param {number} percent */
function bar(percent) {
  const full = Math.round((percent / 100) * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}

/** One that wraps could not be redrawn in place. @param {string} line @param {number} columns */
function fit(line, columns) {
  return line.length < columns || columns === 0 ? line : `${line.slice(0, Math.max(1, columns - 2))}…`;
}

/** @param {string} text @param {string} indent */
function indented(text, indent) {
  return text.replace(/^(?=.)/gm, indent);
}
