import { expect, test } from 'vitest';
import { readContent, writeContent } from '../../src/backup/backup-content.js';
import { BackupError, type BackupProblem } from '../../src/backup/backup-error.js';
import { openSealedFile, sealFile } from '../../src/backup/sealed-file.js';
import { isWeakPassphrase } from '../../src/backup/weak-passphrase.js';

const PASSPHRASE = 'mountain violin seven harbour';
const plain = Buffer.from('what the owner chose '.repeat(50));
const sealed = await sealFile(plain, PASSPHRASE);

async function problemOf(work: () => unknown): Promise<BackupProblem | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof BackupError) return error.problem;
    throw error;
  }
}

/** The file with another header. */
function withHeader(change: (header: Record<string, unknown>) => unknown): Buffer {
  const at = 'GRAMSCRIBE BACKUP\n'.length;
  const length = sealed.readUInt32BE(at);
  const json = Buffer.from(JSON.stringify(change(JSON.parse(sealed.subarray(at + 4, at + 4 + length).toString()) as Record<string, unknown>)));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(json.length);
  return Buffer.concat([sealed.subarray(0, at), size, json, sealed.subarray(at + 4 + length)]);
}

test('what was sealed is opened by the passphrase, and does not stand in the file', async () => {
  expect(await openSealedFile(sealed, PASSPHRASE)).toEqual(plain);
  expect(sealed.includes('what the owner chose')).toBe(false);
  expect((await sealFile(plain, PASSPHRASE)).equals(sealed)).toBe(false);
});

test.each<[BackupProblem, string, () => Buffer, string]>([
  ['passphrase', 'another passphrase', () => sealed, 'mountain violin seven harbor'],
  ['cut-off', 'a file without its end', () => sealed.subarray(0, sealed.length - 1), PASSPHRASE],
  ['cut-off', 'a file without its body', () => sealed.subarray(0, 40), PASSPHRASE],
  ['cut-off', 'a file of six bytes', () => sealed.subarray(0, 6), PASSPHRASE],
  ['other-file', 'an empty file', () => Buffer.alloc(0), PASSPHRASE],
  ['other-file', 'a file of another program', () => Buffer.from('PK\u0003\u0004 a zip'), PASSPHRASE],
  ['newer', 'a file of a newer version', () => withHeader((header) => ({ ...header, format: 2 })), PASSPHRASE],
  ['damaged', 'a file with more behind it', () => Buffer.concat([sealed, Buffer.from('x')]), PASSPHRASE],
  ['damaged', 'a header that asks for more memory than is due', () => withHeader((header) => ({ ...header, kdf: { ...(header.kdf as object), N: 2 ** 30 } })), PASSPHRASE],
  ['damaged', 'a header that was changed after sealing', () => withHeader((header) => ({ ...header, more: 1 })), PASSPHRASE],
  ['damaged', 'a bit that was turned', () => Buffer.from(sealed.map((byte, at) => (at === sealed.length - 20 ? byte ^ 1 : byte))), PASSPHRASE],
])('%s: %s', async (problem, _name, file, passphrase) => {
  expect(await problemOf(() => openSealedFile(file(), passphrase))).toBe(problem);
});

test('the content says what it is, and of a newer one it says so', async () => {
  const content = { version: '0.1.0', account: 'main', madeAtMs: 1, sections: { aliases: { type: 'hash' as const, fields: { t: 'transcribe' } } } };
  const json = writeContent(content);
  expect(readContent(json)).toEqual({ program: 'gramscribe', format: 1, ...content });
  const of = (value: unknown): (() => unknown) => () => readContent(Buffer.from(JSON.stringify(value)));
  expect(await problemOf(of({ program: 'gramscribe', format: 2 }))).toBe('newer');
  expect(await problemOf(of({ program: 'another', format: 1 }))).toBe('content');
  expect(await problemOf(of({ ...(JSON.parse(json.toString()) as object), sections: { aliases: { type: 'hash', fields: { a: 1 } } } }))).toBe('content');
  expect(await problemOf(() => readContent(Buffer.from('{')))).toBe('content');
});

test.each(['', 'short one', 'aaaaaaaaaaaaaaaaaaaa', 'abc123abc123abc123abc123', 'MyGramscribeBackup1', '99127364518273645182', 'qwertyuiop[]asdfgh'])('%j is too weak', (passphrase) => {
  expect(isWeakPassphrase(passphrase)).toBe(true);
});

test.each([PASSPHRASE, 'лодка скрипка семь гавань', 'xK9#mP2$vL5@nQ8'])('%j will do', (passphrase) => {
  expect(isWeakPassphrase(passphrase)).toBe(false);
});
