import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packTar, type TarEntry } from 'modern-tar';
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../src/modules/foreign/check-package.js';
import { archiveOf, manifestBytes } from '../../../src/modules/foreign/make-package.js';
import { PackageProblem } from '../../../src/modules/foreign/package-problem.js';
import { readPackageFolder } from '../../../src/modules/foreign/read-package-folder.js';
import { unpackPackage } from '../../../src/modules/foreign/unpack-package.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { moduleSource, packed } from './support/foreign-ground.js';

async function code(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'taken',
    (error: unknown) => (error instanceof PackageProblem ? error.code : String(error)),
  );
}

async function tarGz(entries: TarEntry[]): Promise<Uint8Array> {
  return gzipSync(await packTar(entries));
}

const file = (name: string, text = 'x'): TarEntry => ({ header: { name, size: text.length }, body: text });

describe('the archive of a package', () => {
  it('gives back what was packed, also with a folder around it', async () => {
    const files = await packed(moduleSource({}));
    expect(await unpackPackage(await archiveOf(files))).toEqual(new Map([...files].map(([path, bytes]) => [path, Uint8Array.from(bytes)])));
    const inFolder = await tarGz([{ header: { name: 'sly/', size: 0, type: 'directory' } }, ...[...files].map(([name, bytes]) => ({ header: { name: `sly/${name}`, size: bytes.byteLength }, body: Uint8Array.from(bytes) }))]);
    expect([...(await unpackPackage(inFolder)).keys()]).toEqual([...files.keys()]);
  });

  it('is the same bytes for the same files', async () => {
    const files = await packed(moduleSource({}));
    expect(await archiveOf(files)).toEqual(await archiveOf(new Map([...files].reverse())));
  });

  it('holds no links and no devices', async () => {
    for (const type of ['symlink', 'link', 'fifo', 'character-device'] as const) {
      expect(await code(unpackPackage(await tarGz([{ header: { name: 'a', size: 0, type, linkname: '/etc/passwd' } }])))).toBe('entryKind');
    }
  });

  it('names no place outside of it', async () => {
    for (const name of ['../a.js', '/etc/passwd', 'a/../../b', 'a//b', '.hidden', 'a/.git/config', 'a\\b', 'con\u0001', 'ä.js', 'a'.repeat(101)]) {
      expect(await code(unpackPackage(await tarGz([file(name)]))), name).toBe('path');
    }
  });

  it('is refused where it is too much: files, bytes, a bomb, one name twice', async () => {
    expect(await code(unpackPackage(await tarGz(Array.from({ length: 70 }, (_, index) => file(`a${index}.js`)))))).toBe('tooManyFiles');
    expect(await code(unpackPackage(await tarGz([file('a.js', 'x'.repeat(20_000_000))])))).toBe('tooLarge');
    expect(await code(unpackPackage(new Uint8Array(1_000_001)))).toBe('tooLarge');
    expect(await code(unpackPackage(await tarGz([file('a.js'), file('a.js', 'y')])))).toBe('twice');
  });

  it('is refused where it is none, or cut off', async () => {
    const whole = await archiveOf(await packed(moduleSource({})));
    for (const bytes of [new Uint8Array(), new Uint8Array(50).fill(7), whole.subarray(0, whole.length / 2), gzipSync('no tar at all, only words'.repeat(50))]) {
      expect(await code(unpackPackage(bytes))).toMatch(/^(noArchive|twice|path)$/);
    }
  });
});

describe('what is in a package', () => {
  it('is what the manifest pins: nothing else, nothing changed, nothing missing', async () => {
    const files = await packed(moduleSource({}));
    expect(await code(checkPackage(files))).toBe('taken');
    expect(await code(checkPackage(new Map([...files, ['more.js', new Uint8Array()]])))).toBe('extra');
    expect(await code(checkPackage(new Map([...files, ['module.js', new Uint8Array(3)]])))).toBe('hash');
    expect(await code(checkPackage(new Map([...files].filter(([path]) => path !== 'module.js'))))).toBe('missing');
    expect(await code(checkPackage(new Map([...files].filter(([path]) => path === 'module.js'))))).toBe('noManifest');
  });

  it('imports its own files and the contract, and is told what to do where it wants more', async () => {
    for (const line of ["import fs from 'node:fs';", "import 'left-pad';", 'import("./" + "x");', "export * from '/etc/passwd';", "import('https://evil.example.com/x.js');"]) {
      expect(await code(checkPackage(await packed(moduleSource({ before: line })))), line).toBe('import');
    }
    expect(await code(checkPackage(await packed(moduleSource({ before: "import './gone.js';" }))))).toBe('missing');
    expect(await code(checkPackage(await packed(moduleSource({ before: "import '../out.js';" }))))).toBe('missing');
    expect(await code(checkPackage(await packed(moduleSource({ before: 'import {' }))))).toMatch(/^(syntax|import)$/);
  });

  it('speaks the version of the contract that the program speaks', async () => {
    expect(await code(checkPackage(await packed(moduleSource({}), (manifest) => ({ ...manifest, contract: 2 }))))).toBe('contract');
    expect(await code(checkPackage(new Map([['gramscribe-module.json', new TextEncoder().encode('{"contract":1,"__proto__":{"a":1}}')]])))).toBe('manifest');
  });

  it('is read from a folder without following a link out of it', async () => {
    const folder = await temporaryFolder();
    const files = await packed(moduleSource({}));
    const manifest = JSON.parse(new TextDecoder().decode(files.get('gramscribe-module.json'))) as { files: object };
    await mkdir(join(folder, 'sly'));
    await writeFile(join(folder, 'secret.js'), 'secret');
    await symlink(join(folder, 'secret.js'), join(folder, 'sly', 'linked.js'));
    await symlink(folder, join(folder, 'sly', 'up'));
    for (const [path, bytes] of files) await writeFile(join(folder, 'sly', path), bytes);
    expect([...(await readPackageFolder(join(folder, 'sly'))).keys()]).toEqual([...files.keys()]);
    for (const path of ['linked.js', 'up/secret.js']) {
      await writeFile(join(folder, 'sly', 'gramscribe-module.json'), manifestBytes({ ...manifest, files: { ...manifest.files, [path]: '0'.repeat(64) } } as never));
      expect(await code(readPackageFolder(join(folder, 'sly'))), path).toBe('entryKind');
    }
  });
});
