import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';
import { FolderInUseError, lockDataFolder } from '../../src/store/data-folder-lock.js';
import { temporaryFolder } from '../support/temporary-folder.js';

test('a second taker is told who holds the folder, and may have it after the release', async () => {
  const folder = await temporaryFolder();
  const release = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toEqual(new FolderInUseError(process.pid, folder));
  await release();
  await (await lockDataFolder(folder))();
});

test('the lock of a process that is gone is taken over', async () => {
  const folder = await temporaryFolder();
  const child = spawn('true');
  await once(child, 'exit');
  await writeFile(join(folder, 'gramscribe.pid'), `${child.pid ?? 0} 12345`);
  await (await lockDataFolder(folder))();
});

test('the lock of a number that belongs to another process by now is taken over', async () => {
  const folder = await temporaryFolder();
  const other = spawn('sleep', ['60']);
  onTestFinished(() => void other.kill());
  await once(other, 'spawn');
  await writeFile(join(folder, 'gramscribe.pid'), `${other.pid ?? 0} 1`);
  await (await lockDataFolder(folder))();
});

test('a lock file that was cut off while it was written does not lock for ever', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'gramscribe.pid'), '');
  await (await lockDataFolder(folder))();
});

/** Processes of their own, each ready to take a folder when told; the first answer of each is whether it has it. */
async function takers(count: number): Promise<ChildProcess[]> {
  const folder = await temporaryFolder();
  const sources = {
    'store/data-folder-lock': '../../src/store/data-folder-lock.ts',
    'store/process-identity': '../../src/store/process-identity.ts',
    errors: '../../src/errors.ts',
  };
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023 };
  await mkdir(join(folder, 'store'));
  for (const [name, source] of Object.entries(sources)) {
    const text = await readFile(new URL(source, import.meta.url), 'utf8');
    await writeFile(join(folder, `${name}.js`), ts.transpileModule(text, { compilerOptions }).outputText);
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(
    join(folder, 'taker.js'),
    `import { lockDataFolder } from './store/data-folder-lock.js';
     process.on('message', (folder) => lockDataFolder(folder).then(() => process.send(true), () => process.send(false)));
     process.send('ready');`,
  );
  const children = Array.from({ length: count }, () => fork(join(folder, 'taker.js')));
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
  await Promise.all(children.map((child) => once(child, 'message')));
  return children;
}

test('of many processes that find the same stale lock at once, one gets the folder', async () => {
  const children = await takers(6);
  for (let round = 0; round < 20; round += 1) {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'gramscribe.pid'), '4194305 1');
    const answers = children.map((child) => once(child, 'message'));
    for (const child of children) child.send(folder);
    expect((await Promise.all(answers)).flat().filter((held) => held === true)).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['gramscribe.pid']);
  }
});
