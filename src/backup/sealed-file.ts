import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual, type CipherGCMTypes } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { z } from 'zod';
import { BackupError } from './backup-error.js';

/** A sealed file: this line, the length of the header (4 bytes), the header as JSON, what is sealed, the seal (16 bytes). */
const MAGIC = Buffer.from('GRAMSCRIBE BACKUP\n');
const FORMAT = 1;
const CIPHER: CipherGCMTypes = 'aes-256-gcm';
const KEY_BYTES = 32;
const CHECK_BYTES = 16;
const TAG_BYTES = 16;
const MAX_HEADER_BYTES = 4096;
const MAX_PLAIN_BYTES = 64 * 1024 * 1024;
/** 64 MB and about 0.2 s a guess. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const MAX_SCRYPT_BYTES = 256 * 1024 * 1024;

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** All that is needed to open it beside the passphrase; authenticated with what is sealed. */
const headerSchema = z.object({
  format: z.literal(FORMAT),
  kdf: z.object({ name: z.literal('scrypt'), N: z.int().min(2 ** 14).max(2 ** 18), r: z.int().min(8).max(16), p: z.int().min(1).max(4), salt: base64 }),
  cipher: z.literal(CIPHER),
  nonce: base64,
  compression: z.literal('gzip'),
  bytes: z.int().min(0).max(MAX_PLAIN_BYTES),
  /** From the same derivation as the key: tells a wrong passphrase from a damaged file. */
  check: base64,
});

const formatSchema = z.object({ format: z.int() });

/** Compresses and seals it: scrypt, AES-256-GCM. */
export async function sealFile(plain: Uint8Array, passphrase: string): Promise<Buffer> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)];
  const { key, check } = await derive(passphrase, { ...COST, salt });
  const packed = await promisify(gzip)(plain);
  const header = {
    format: FORMAT,
    kdf: { name: 'scrypt', ...COST, salt: salt.toString('base64') },
    cipher: CIPHER,
    nonce: nonce.toString('base64'),
    compression: 'gzip',
    bytes: packed.length,
    check: check.toString('base64'),
  };
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  const head = Buffer.concat([MAGIC, length, json]);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(head);
  return Buffer.concat([head, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
}

/** @throws BackupError where it is another program's, cut off, of a newer version, sealed with another passphrase, or damaged */
export async function openSealedFile(file: Uint8Array, passphrase: string): Promise<Buffer> {
  const { header, head, rest } = readHeader(Buffer.from(file.buffer, file.byteOffset, file.byteLength));
  if (rest.length < header.bytes + TAG_BYTES) throw new BackupError('cut-off');
  if (rest.length > header.bytes + TAG_BYTES) throw new BackupError('damaged');
  const { key, check } = await derive(passphrase, header.kdf);
  if (header.check.length !== CHECK_BYTES || !timingSafeEqual(check, header.check)) throw new BackupError('passphrase');
  try {
    const decipher = createDecipheriv(CIPHER, key, header.nonce, { authTagLength: TAG_BYTES }).setAAD(head);
    decipher.setAuthTag(rest.subarray(header.bytes));
    const packed = Buffer.concat([decipher.update(rest.subarray(0, header.bytes)), decipher.final()]);
    return await promisify(gunzip)(packed, { maxOutputLength: MAX_PLAIN_BYTES });
  } catch (error) {
    throw new BackupError('damaged', { cause: error });
  }
}

function readHeader(file: Buffer): { header: z.infer<typeof headerSchema>; head: Buffer; rest: Buffer } {
  const begin = file.subarray(0, MAGIC.length);
  if (!begin.equals(MAGIC.subarray(0, begin.length)) || begin.length === 0) throw new BackupError('other-file');
  if (file.length < MAGIC.length + 4) throw new BackupError('cut-off');
  const length = file.readUInt32BE(MAGIC.length);
  if (length > MAX_HEADER_BYTES) throw new BackupError('damaged');
  const end = MAGIC.length + 4 + length;
  if (file.length < end) throw new BackupError('cut-off');
  const json = parsed(file.subarray(MAGIC.length + 4, end));
  const format = formatSchema.safeParse(json);
  if (format.success && format.data.format > FORMAT) throw new BackupError('newer');
  const header = headerSchema.safeParse(json);
  if (!header.success) throw new BackupError('damaged', { cause: header.error });
  return { header: header.data, head: file.subarray(0, end), rest: file.subarray(end) };
}

function parsed(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString());
  } catch (error) {
    throw new BackupError('damaged', { cause: error });
  }
}

async function derive(passphrase: string, { N, r, p, salt }: typeof COST & { salt: Buffer }): Promise<{ key: Buffer; check: Buffer }> {
  if (128 * N * r > MAX_SCRYPT_BYTES) throw new BackupError('damaged');
  const options = { N, r, p, maxmem: MAX_SCRYPT_BYTES + 1024 * 1024 };
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, KEY_BYTES + CHECK_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
  return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES) };
}
