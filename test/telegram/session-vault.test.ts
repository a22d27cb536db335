import { randomBytes } from 'node:crypto';
import { copyFile, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { DamagedSessionError, SessionVault } from '../../src/telegram/session-vault.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function someSession(): string {
  const address = Buffer.from('149.154.167.50');
  const head = Buffer.from([2, 0, address.length]);
  return `1${Buffer.concat([head, address, Buffer.from([1, 187]), randomBytes(256)]).toString('base64')}`;
}

async function modeOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

async function newVault(passphrase?: string): Promise<{ folder: string; vault: SessionVault }> {
  const folder = join(await temporaryFolder(), 'session');
  return { folder, vault: new SessionVault({ folder, passphrase }) };
}

describe('SessionVault', () => {
  it.each([['a passphrase', 'correct horse'], ['its own key file', undefined]])(
    'gives back what was stored under %s, to a new process too',
    async (_name, passphrase) => {
      const { folder, vault } = await newVault(passphrase);
      const session = someSession();
      await vault.store('main', session);
      expect(await new SessionVault({ folder, passphrase }).load('main')).toBe(session);
    },
  );

  it('has nothing for an account that never signed in', async () => {
    const { vault } = await newVault('x');
    expect(await vault.load('main')).toBeUndefined();
  });

  it('writes neither the session nor the passphrase in the clear, and lets nobody else read', async () => {
    const { folder, vault } = await newVault();
    const session = someSession();
    await vault.store('main', session);
    const sealed = await readFile(join(folder, 'main.session'));
    expect(sealed.includes(Buffer.from(session))).toBe(false);
    expect(sealed.includes(Buffer.from(session.slice(1), 'base64').subarray(-256))).toBe(false);
    expect(await modeOf(folder)).toBe('700');
    expect(await modeOf(join(folder, 'main.session'))).toBe('600');
    expect(await modeOf(join(folder, 'key'))).toBe('600');
  });

  it('replaces a session as a whole, with a new salt and nonce, and leaves no other file', async () => {
    const { folder, vault } = await newVault('x');
    const session = someSession();
    await vault.store('main', session);
    const first = await readFile(join(folder, 'main.session'));
    await vault.store('main', session);
    const second = await readFile(join(folder, 'main.session'));
    expect(second.subarray(5, 33).equals(first.subarray(5, 33))).toBe(false);
    expect(await readdir(folder)).toEqual(['main.session']);
  });

  it('says that the passphrase is wrong, and which variable to set', async () => {
    const { folder, vault } = await newVault('right');
    await vault.store('main', someSession());
    await expect(new SessionVault({ folder, passphrase: 'wrong' }).load('main')).rejects.toThrow(ConfigError);
    await expect(new SessionVault({ folder, passphrase: 'wrong' }).load('main')).rejects.toThrow('SESSION_PASSPHRASE');
    await expect(new SessionVault({ folder }).load('main')).rejects.toThrow('SESSION_PASSPHRASE: is not set');
  });

  it('still opens what its key file sealed once a passphrase is set', async () => {
    const { folder, vault } = await newVault();
    const session = someSession();
    await vault.store('main', session);
    expect(await new SessionVault({ folder, passphrase: 'new' }).load('main')).toBe(session);
  });

  it('says so where the key file is lost', async () => {
    const { folder, vault } = await newVault();
    await vault.store('main', someSession());
    await rm(join(folder, 'key'));
    await expect(vault.load('main')).rejects.toThrow(ConfigError);
  });

  it.each([
    ['empty', (whole: Buffer) => whole.subarray(0, 0)],
    ['cut short', (whole: Buffer) => whole.subarray(0, 40)],
    ['something else', () => Buffer.from('not a session at all, but long enough to look like one of them')],
  ])('says that a file which is %s is damaged', async (_name, damage) => {
    const { folder, vault } = await newVault('x');
    await vault.store('main', someSession());
    const path = join(folder, 'main.session');
    await writeFile(path, damage(await readFile(path)));
    await expect(vault.load('main')).rejects.toThrow(DamagedSessionError);
  });

  it('notices every changed byte of a sealed file', async () => {
    const { folder, vault } = await newVault('x');
    await vault.store('main', someSession());
    const path = join(folder, 'main.session');
    const whole = await readFile(path);
    for (const at of [5, 25, 40, 60, whole.length - 1]) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await writeFile(path, changed);
      await expect(vault.load('main'), `byte ${at}`).rejects.toThrow(ConfigError);
    }
  });

  it("does not take one account's file for another's", async () => {
    const { folder, vault } = await newVault('x');
    await vault.store('first', someSession());
    await copyFile(join(folder, 'first.session'), join(folder, 'second.session'));
    await expect(vault.load('second')).rejects.toThrow(ConfigError);
  });

  it('keeps a good session when it is told to store an empty one', async () => {
    const { vault } = await newVault('x');
    const session = someSession();
    await vault.store('main', session);
    await expect(vault.store('main', '')).rejects.toThrow('not a session');
    expect(await vault.load('main')).toBe(session);
  });

  it('lets no account name leave the folder', async () => {
    const { vault } = await newVault('x');
    await expect(vault.load('../main')).rejects.toThrow(TypeError);
  });

  it('makes one key file where two processes sign in at once', async () => {
    const { folder } = await newVault();
    const one = new SessionVault({ folder });
    const two = new SessionVault({ folder });
    const sessions = [someSession(), someSession()] as const;
    await Promise.all([one.store('one', sessions[0]), two.store('two', sessions[1])]);
    expect(await two.load('one')).toBe(sessions[0]);
    expect(await one.load('two')).toBe(sessions[1]);
  });
});
