import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { checkModuleFolder, newModule, packModule } from '../../src/cli/module.js';
import { textsFor } from '../../src/i18n/texts.js';
import { checkPackage } from '../../src/modules/foreign/check-package.js';
import { unpackPackage } from '../../src/modules/foreign/unpack-package.js';
import { temporaryFolder } from '../support/temporary-folder.js';

describe('npm run module', () => {
  it('makes a module whose test passes, packs it, and says when what was packed is no longer what lies there', async () => {
    const signal = AbortSignal.timeout(150_000);
    const lines: string[] = [];
    const deps = { texts: textsFor('en').foreignModules, print: (line: string) => void lines.push(line) };
    const folder = join(await temporaryFolder(), 'hello');

    expect(await newModule(folder, deps)).toBe(0);
    expect(lines.pop()).toContain('node --test');
    // Its own test, as its author runs it: against what was compiled, through the link in node_modules.
    await promisify(execFile)(process.execPath, ['--test'], { cwd: folder });

    expect(await checkModuleFolder(folder, deps, signal)).toBe(1);
    expect(lines.pop()).toContain('npm run module -- pack');
    expect(await packModule(folder, deps, signal)).toBe(0);
    expect(lines.pop()).toContain('hello-0.1.0.tar.gz');
    expect(await checkModuleFolder(folder, deps, signal)).toBe(0);
    expect(lines.splice(0)).toEqual(['✅ hello 0.1.0 would be let in. It asks to:', '  • nothing but to answer its commands']);
    const pack = await checkPackage(await unpackPackage(await readFile(join(folder, 'hello-0.1.0.tar.gz'))));
    expect([...pack.files.keys()].sort()).toEqual(['README.md', 'gramscribe-module.json', 'module.js']);

    await writeFile(join(folder, 'module.js'), `${await readFile(join(folder, 'module.js'), 'utf8')}\n`);
    expect(await checkModuleFolder(folder, deps, signal)).toBe(1);
    expect(lines.pop()).toContain('module.js is not the file that the manifest pins');
    await writeFile(join(folder, 'module.js'), 'export default nothing;\n');
    expect(await packModule(folder, deps, signal)).toBe(1);
    expect(lines.pop()).toContain('The module failed when it was loaded: ');
  });

  it('makes nothing under a name that a module cannot have, nor where something is already', async () => {
    const lines: string[] = [];
    const deps = { texts: textsFor('ru').foreignModules, print: (line: string) => void lines.push(line) };
    const folder = await temporaryFolder();
    expect(await newModule(join(folder, 'Big Name'), deps)).toBe(1);
    expect(await newModule(join(folder, 'fine'), deps)).toBe(0);
    expect(await newModule(join(folder, 'fine'), deps)).toBe(1);
    expect(lines.map((line) => line.split('\n')[0])).toEqual([expect.stringContaining('не годится'), expect.stringContaining('✅'), expect.stringContaining('уже есть')]);
  });
});
