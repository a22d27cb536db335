import { createCipheriv, createDecipheriv, randomBytes, scrypt, type ScryptOptions } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, errorText, SetupError } from '../errors.js';
import { readIfThere, replaceFile, writeNewFile } from './durable-file.js';
import { isSessionString } from './session-string.js';

export interface SessionVaultOptions {
  /** The folder of the sessions and the key: `data/session`. Made with mode 0700. */
  folder: string;
  /** `SESSION_PASSPHRASE`; without it a random key is kept in `folder/key`. */
  passphrase?: string | undefined;
}

/** The stored session cannot be read, and no passphrase can change that. */
export class DamagedSessionError extends SetupError {}

const REMEDY = 'npm run login';

// A sealed file: magic (3), format (1), where the key came from (1), salt (16), nonce (12), tag (16), ciphertext.
const MAGIC = Buffer.from('GSS');
const FORMAT = 1;
const FROM_PASSPHRASE = 1;
const FROM_KEY_FILE = 2;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const HEAD_BYTES = MAGIC.length + 2;
const OVERHEAD_BYTES = HEAD_BYTES + SALT_BYTES + NONCE_BYTES + TAG_BYTES;
/** 32 MB and about 0.1 s a guess. */
const SCRYPT: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/**
 * Keeps each account's session sealed with AES-256-GCM: `folder/ACCOUNT.session`, mode 0600. The account's name is
 * authenticated with it, so one account's file cannot pass for another's. A session is full access to its account: it is
 * never logged, never in an error, and never replaced by anything that has not the shape of one.
 */
export class SessionVault {
  constructor(private readonly options: SessionVaultOptions) {}

  /** Seals and writes it, on the disk before it returns; a crash leaves the old file or the new one. */
  async store(accountId: string, session: string): Promise<void> {
    if (!isSessionString(session)) throw new TypeError('refusing to store what is not a session');
    await replaceFile(this.pathOf(accountId), await this.sealed(`session ${FORMAT} ${accountId}`, session));
  }

  /**
   * Another secret, sealed as sessions are, to be kept elsewhere; as base64. What it is for is authenticated with it: it opens for
   * that alone.
   */
  async seal(purpose: string, secret: string): Promise<string> {
    return (await this.sealed(`secret ${FORMAT} ${purpose}`, secret)).toString('base64');
  }

  /** What `seal` sealed for this purpose; undefined where it was changed, or the key or the passphrase is another one now. */
  async open(purpose: string, sealed: string): Promise<string | undefined> {
    const bytes = Buffer.from(sealed, 'base64');
    if (!isSealed(bytes)) return undefined;
    try {
      return await this.opened(`secret ${FORMAT} ${purpose}`, bytes);
    } catch (error) {
      if (error instanceof ConfigError) return undefined;
      throw error;
    }
  }

  /**
   * The stored session, or undefined where there is none. `ConfigError` where the passphrase is missing or wrong (or the
   * file was changed: the two cannot be told apart), `DamagedSessionError` where the file is no sealed session.
   */
  async load(accountId: string): Promise<string | undefined> {
    const path = this.pathOf(accountId);
    const file = await readable(path);
    if (file === undefined) return undefined;
    if (!isSealed(file)) {
      throw new DamagedSessionError(`${path} is not a sealed session: restore it from a copy, or sign in again with \`npm run login\``, REMEDY);
    }
    return this.opened(`session ${FORMAT} ${accountId}`, file, path);
  }

  /** True where a session is stored, whether or not it can be opened. */
  async has(accountId: string): Promise<boolean> {
    return (await readIfThere(this.pathOf(accountId))) !== undefined;
  }

  private async sealed(purpose: string, text: string): Promise<Buffer> {
    await mkdir(this.options.folder, { recursive: true, mode: 0o700 });
    await chmod(this.options.folder, 0o700);
    const source = this.options.passphrase === undefined ? FROM_KEY_FILE : FROM_PASSPHRASE;
    const secret = this.options.passphrase ?? (await this.readOrMakeKeyFile());
    const salt = randomBytes(SALT_BYTES);
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', await deriveKey(secret, salt), nonce);
    cipher.setAAD(associatedData(purpose));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    const head = Buffer.concat([MAGIC, Buffer.from([FORMAT, source])]);
    return Buffer.concat([head, salt, nonce, cipher.getAuthTag(), sealed]);
  }

  private async opened(purpose: string, sealed: Buffer, path = 'a secret'): Promise<string> {
    const secret = await this.secretFor(sealed[4]);
    const salt = sealed.subarray(HEAD_BYTES, HEAD_BYTES + SALT_BYTES);
    const nonce = sealed.subarray(HEAD_BYTES + SALT_BYTES, OVERHEAD_BYTES - TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', await deriveKey(secret, salt), nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(purpose));
    decipher.setAuthTag(sealed.subarray(OVERHEAD_BYTES - TAG_BYTES, OVERHEAD_BYTES));
    try {
      return decipher.update(sealed.subarray(OVERHEAD_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      // The cause says only that authentication failed; what to do about it is ours to say.
      throw new ConfigError([this.cannotOpen(path, sealed[4])]);
    }
  }

  private pathOf(accountId: string): string {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(accountId)) throw new TypeError('an account id is 1-64 letters, digits, _ or -');
    return join(this.options.folder, `${accountId}.session`);
  }

  private get keyPath(): string {
    return join(this.options.folder, 'key');
  }

  private cannotOpen(path: string, source: number | undefined): string {
    return source === FROM_PASSPHRASE
      ? `SESSION_PASSPHRASE: does not open ${path}; set the one it was sealed with, or sign in again with \`npm run login\``
      : `${this.keyPath} does not open ${path}: put the key back that it was sealed with, or sign in again with \`npm run login\``;
  }

  /** What the file was sealed with, which need not be what is configured now. */
  private async secretFor(source: number | undefined): Promise<string | Buffer> {
    if (source === FROM_PASSPHRASE) {
      if (this.options.passphrase !== undefined) return this.options.passphrase;
      throw new ConfigError([
        'SESSION_PASSPHRASE: is not set, and the stored session is sealed with one; set it, or sign in again with `npm run login`',
      ]);
    }
    const key = await readable(this.keyPath);
    if (key?.length === KEY_BYTES) return key;
    throw new ConfigError([
      `${this.keyPath} is missing or damaged, and the stored session is sealed with it: ` +
        'restore it from a copy, or sign in again with `npm run login`',
    ]);
  }

  private async readOrMakeKeyFile(): Promise<Buffer> {
    const key = (await readIfThere(this.keyPath)) ?? (await this.makeKeyFile());
    if (key.length === KEY_BYTES) return key;
    throw new ConfigError([`${this.keyPath} is damaged: restore it from a copy, or remove it and sign in again`]);
  }

  /** Made once, with O_EXCL: of two processes that try, one makes it and the other takes that one. */
  private async makeKeyFile(): Promise<Buffer> {
    const fresh = randomBytes(KEY_BYTES);
    try {
      await writeNewFile(this.keyPath, fresh);
      return fresh;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return await readFile(this.keyPath);
    }
  }
}

function isSealed(file: Buffer): boolean {
  const source = file[4];
  const known = file.subarray(0, MAGIC.length).equals(MAGIC) && file[3] === FORMAT;
  return known && file.length > OVERHEAD_BYTES && (source === FROM_PASSPHRASE || source === FROM_KEY_FILE);
}

/** As `readIfThere`; a folder of that name, or a file that this user may not read, is the owner's to put right. */
async function readable(path: string): Promise<Buffer | undefined> {
  try {
    return await readIfThere(path);
  } catch (error) {
    throw new SetupError(`${path} cannot be read (${errorText(error)})`, `Give this user the right to read ${path}, or set GRAMSCRIBE_DATA to another folder.`, { cause: error });
  }
}

function associatedData(purpose: string): Buffer {
  return Buffer.from(`gramscribe ${purpose}`);
}

function deriveKey(secret: string | Buffer, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, KEY_BYTES, SCRYPT, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
