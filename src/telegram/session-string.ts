import { ConfigError } from '../errors.js';

const VERSION = '1';
const AUTH_KEY_BYTES = 256;

/**
 * True where `text` has the shape of a string session of the client library: `1`, then base64 of data centre (1 byte),
 * length of the address (2), the address, port (2), auth key (256); or Telethon's, with 4 bytes of IPv4 and no length.
 */
export function isSessionString(text: string): boolean {
  const encoded = text.slice(1);
  if (!text.startsWith(VERSION) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(encoded)) return false;
  const bytes = Buffer.from(encoded, 'base64');
  const dcId = bytes[0] ?? 0;
  if (dcId < 1 || dcId > 5) return false;
  // No address begins with 0, as the other form does: one of those that was cut off must not pass for this one.
  if (bytes.length === 1 + 4 + 2 + AUTH_KEY_BYTES && bytes[1] !== 0) return true;
  return bytes.length >= 3 && bytes.length === 1 + 2 + bytes.readUInt16BE(1) + 2 + AUTH_KEY_BYTES;
}

/** `TELEGRAM_SESSION`, without the blanks that copying adds. `ConfigError` says what is wrong and never repeats it. */
export function parseSessionString(value: string): string {
  const text = value.trim();
  if (isSessionString(text)) return text;
  throw new ConfigError([
    'TELEGRAM_SESSION is not a session string (it starts with 1 and has about 370 characters): ' +
      'copy it again in full, or leave it out and sign in with `npm run login`',
  ]);
}
