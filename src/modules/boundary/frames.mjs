/**
 * How the daemon and a confined program's process speak: frames of JSON over a pipe, each with its length before it (4 bytes,
 * big-endian). Both sides bound what they take, so that neither can make the other hold more.
 */

const HEADER_BYTES = 4;

/** What came is no frame, or is larger than the reader takes; nothing after it can be trusted. */
export class BrokenFrameError extends Error {
  /** @param {string} message @param {ErrorOptions} [options] */
  constructor(message, options) {
    super(message, options);
    this.name = 'BrokenFrameError';
  }
}

/** @param {unknown} value plain data @returns {Buffer} */
export function encodeFrame(value) {
  const body = Buffer.from(JSON.stringify(value), 'utf8');
  const frame = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, HEADER_BYTES);
  return frame;
}

/** Puts frames together again, whatever the pieces they come in. */
export class FrameReader {
  /** @type {Buffer[]} */
  #pieces = [];
  #held = 0;
  /** @type {number} */
  #maxBytes;

  /** @param {number} maxBytes of one frame */
  constructor(maxBytes) {
    this.#maxBytes = maxBytes;
  }

  /**
   * The frames that the next piece completes. A key `__proto__` is left out: what is made of a frame is data and nothing else.
   * @param {Buffer} piece
   * @returns {unknown[]}
   * @throws {BrokenFrameError}
   */
  push(piece) {
    this.#pieces.push(piece);
    this.#held += piece.length;
    const frames = [];
    for (let bytes = this.#next(); bytes !== undefined; bytes = this.#next()) frames.push(parse(bytes));
    return frames;
  }

  /** @returns {Buffer | undefined} */
  #next() {
    if (this.#held < HEADER_BYTES) return undefined;
    const length = this.#peekLength();
    if (length > this.#maxBytes) throw new BrokenFrameError(`a frame of ${length} bytes`);
    if (this.#held < HEADER_BYTES + length) return undefined;
    const whole = this.#pieces.length === 1 ? /** @type {Buffer} */ (this.#pieces[0]) : Buffer.concat(this.#pieces);
    const rest = whole.subarray(HEADER_BYTES + length);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
    return whole.subarray(HEADER_BYTES, HEADER_BYTES + length);
  }

  #peekLength() {
    const first = this.#pieces[0];
    if (first !== undefined && first.length < HEADER_BYTES) this.#pieces = [Buffer.concat(this.#pieces)];
    return /** @type {Buffer} */ (this.#pieces[0]).readUInt32BE();
  }
}

/** A key `__proto__`, also with its letters written as escapes. */
const PROTO = /"(?:_|\\u005f){2}(?:p|\\u0070)(?:r|\\u0072)(?:o|\\u006f)(?:t|\\u0074)(?:o|\\u006f)(?:_|\\u005f){2}"\s*:/i;

/**
 * What a text of JSON says, without any key `__proto__`. To look at every value takes many times as long as to read them, so it is
 * done only where there is such a key; the runner has taken out those of the program, in its own process.
 * @param {string} json @returns {unknown}
 */
export function parseData(json) {
  if (!PROTO.test(json)) return JSON.parse(json);
  return JSON.parse(json, (key, value) => /** @type {unknown} */ (key === '__proto__' ? undefined : value));
}

/** @param {Buffer} bytes @returns {unknown} */
function parse(bytes) {
  try {
    return parseData(bytes.toString('utf8'));
  } catch (error) {
    throw new BrokenFrameError('a frame that is no JSON', { cause: error });
  }
}
