/** The secret of an MTProxy, as its links carry it. All of it is secret. */
export interface MtproxySecret {
  /** What the streams' keys are mixed with. */
  key: Buffer;
  /** The site whose TLS the connection looks like (secrets that begin with `ee`); without it there is no TLS. */
  domain?: string;
}

const KEY_BYTES = 16;
const PADDED = 0xdd;
const FAKE_TLS = 0xee;
/** A longer one would not fit into the hello. */
const LONGEST_DOMAIN = 182;

/**
 * Reads a secret written in hex, base64 or base64url: 16 bytes; `dd` and 16 bytes; `ee`, 16 bytes and a domain. Undefined
 * where it is none of these. What `dd` asks for, padding, every MTProxy understands, so it is used with all of them.
 */
export function parseMtproxySecret(text: string): MtproxySecret | undefined {
  const bytes = decode(text);
  if (bytes === undefined) return undefined;
  if (bytes.length === KEY_BYTES) return { key: bytes };
  const key = bytes.subarray(1, 1 + KEY_BYTES);
  if (bytes[0] === PADDED && bytes.length === 1 + KEY_BYTES) return { key };
  if (bytes[0] !== FAKE_TLS) return undefined;
  const domain = bytes.subarray(1 + KEY_BYTES).toString('latin1');
  return /^[\w.-]+$/.test(domain) && domain.length <= LONGEST_DOMAIN ? { key, domain } : undefined;
}

function decode(text: string): Buffer | undefined {
  if (/^([0-9a-f]{2})+$/i.test(text)) return Buffer.from(text, 'hex');
  // A plus that was not escaped in a link has become a space.
  const base64 = text.replaceAll(' ', '+').replace(/=+$/, '');
  return /^[\w+/-]+$/.test(base64) ? Buffer.from(base64, 'base64') : undefined;
}
