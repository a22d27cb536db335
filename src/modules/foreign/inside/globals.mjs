// What JavaScript people expect of a runtime and the bare language lacks. It is all computation: nothing here reaches out.

class ModuleAbortSignal {
  aborted = false;
  /** @type {unknown} */
  reason = undefined;
  /** @type {Set<() => void>} */
  #listeners = new Set();

  throwIfAborted() {
    if (this.aborted) throw this.reason;
  }

  /**
   * @param {string} type
   * @param {() => void} listener
   */
  addEventListener(type, listener) {
    if (type === 'abort') this.#listeners.add(listener);
  }

  /**
   * @param {string} _type
   * @param {() => void} listener
   */
  removeEventListener(_type, listener) {
    this.#listeners.delete(listener);
  }

  /** @param {unknown} reason */
  abort(reason) {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}

export class ModuleAbortController {
  signal = new ModuleAbortSignal();

  /** @param {unknown} [reason] */
  abort(reason = Object.assign(new Error('This operation was aborted'), { name: 'AbortError' })) {
    this.signal.abort(reason);
  }
}

export class Utf8Encoder {
  /** @param {string} text */
  encode(text = '') {
    const escaped = encodeURIComponent(String(text).replace(/[\ud800-\udfff]/gu, '\ufffd'));
    const bytes = [];
    for (let at = 0; at < escaped.length; at += 1) {
      const percent = escaped[at] === '%';
      bytes.push(percent ? parseInt(escaped.slice(at + 1, at + 3), 16) : escaped.charCodeAt(at));
      if (percent) at += 2;
    }
    return Uint8Array.from(bytes);
  }
}

export class Utf8Decoder {
  /** @param {Uint8Array} bytes */
  decode(bytes = new Uint8Array()) {
    let text = '';
    for (let at = 0; at < bytes.length; ) {
      const { code, length } = codePointAt(bytes, at);
      text += String.fromCodePoint(code);
      at += length;
    }
    return text;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function codePointAt(bytes, at) {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xc2 && first < 0xe0 ? 2 : 0;
  let code = first & (0x7f >> length);
  for (let next = 1; next < length; next += 1) {
    const byte = bytes[at + next] ?? 0;
    if ((byte & 0xc0) !== 0x80) return { code: 0xfffd, length: next };
    code = (code << 6) | (byte & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0;
  const fine = length > 0 && code >= least && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return fine ? { code, length } : { code: 0xfffd, length: 1 };
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** @param {Uint8Array} bytes */
export function toBase64(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let sextet = 0; sextet < 4; sextet += 1) text += at + sextet <= bytes.length ? ALPHABET.charAt((word >> (18 - 6 * sextet)) & 63) : '=';
  }
  return text;
}

/** @param {string} text */
export function fromBase64(text) {
  const digits = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  for (let at = 0, word = 0, bits = 0, to = 0; at < digits.length; at += 1) {
    word = ((word << 6) | ALPHABET.indexOf(digits.charAt(at))) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[to] = (word >> bits) & 0xff;
      to += 1;
    }
  }
  return bytes;
}

