import { BrokenFrameError, encodeFrame, FrameReader, parseData } from './frames.mjs';
import { Guest } from './guest.mjs';

/**
 * The process of one confined program; `start-confined-program.ts` starts it. It takes frames from standard input and gives
 * frames to standard output, has no environment, and ends with the pipe.
 *
 * @typedef {object} StartFrame
 * @property {Record<string, string>} modules
 * @property {string} entry
 * @property {{memoryBytes: number, callMs: number, outputBytes: number}} limits
 *
 * @typedef {{kind: 'start'} & StartFrame
 *   | {kind: 'call', id: number, name: string, input: unknown}
 *   | {kind: 'answer', id: number, value?: unknown, error?: {name: string, message: string}}
 *   | {kind: 'ping'}} ToGuest
 */

const MAX_LINES_CHARS = 16_384;
/** A loop without end never comes to the end of its turn, and what it said is what its author looks for. */
const LINES_EVERY_MS = 100;

/** The group is this process and whatever may have been begun in it. */
const end = () => process.kill(-process.pid, 'SIGKILL');
process.stdin.once('end', end).once('error', end);
process.stdout.once('error', end);

/** @type {Guest | undefined} */
let guest;
/** @type {[string, string][]} */
let lines = [];
let lineChars = 0;
let linesSentMs = -Infinity;

/** @param {object} frame @param {() => void} [done] */
const send = (frame, done) => process.stdout.write(encodeFrame(frame), done);

function sendLines() {
  if (lines.length === 0) return;
  send({ kind: 'lines', lines });
  lines = [];
  lineChars = 0;
  linesSentMs = performance.now();
}

/** @param {string} level @param {string} text */
function said(level, text) {
  lines.push([level, text]);
  lineChars += text.length;
  if (lineChars > MAX_LINES_CHARS || performance.now() - linesSentMs > LINES_EVERY_MS) sendLines();
}

/** What was said goes before what came of it, and the end after everything. */
function afterTurn() {
  sendLines();
  if (guest?.over !== undefined) send({ kind: 'over', why: guest.over }, end);
}

/** @param {StartFrame} frame */
async function start({ modules, entry, limits }) {
  guest = await Guest.create({
    ...limits,
    said,
    settled: (id, isGood, json) => {
      sendLines();
      const value = parseData(json);
      send(isGood ? { kind: 'result', id, value } : { kind: 'failure', id, error: value });
    },
    asked: (id, name, json) => send({ kind: 'ask', id, name, input: parseData(json) }),
  });
  guest.onTurn = afterTurn;
  guest.load(new Map(Object.entries(modules)), entry);
}

/** @param {ToGuest} frame */
async function take(frame) {
  if (frame.kind === 'start') await start(frame);
  else if (frame.kind === 'call') guest?.call(frame.id, frame.name, JSON.stringify(frame.input) ?? 'null');
  else if (frame.kind === 'answer') guest?.answer(frame.id, frame.error === undefined, JSON.stringify(frame.error ?? frame.value) ?? 'null');
  else send({ kind: 'pong' });
  afterTurn();
}

/** What the daemon sends is bounded by the daemon. */
const reader = new FrameReader(2 ** 27);
process.stdin.on('data', (/** @type {Buffer} */ piece) => {
  try {
    for (const frame of reader.push(piece)) take(/** @type {ToGuest} */ (frame)).catch(end);
  } catch (error) {
    if (!(error instanceof BrokenFrameError)) throw error;
    end();
  }
});
