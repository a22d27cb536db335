import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { onTestFinished } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDERS = ['src', 'src/telegram', 'src/telegram/proxy', 'src/log'];

/**
 * Runs a module in a Node process of its own, beside the compiled `src/telegram` (import './telegram/…'), with these
 * arguments. Both are gone when the test is over.
 */
export async function childProgram(source: string, args: string[]): Promise<ChildProcess> {
  // Below node_modules, so that packages are found.
  const cache = join(root, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'gramscribe-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const inFolders = await Promise.all(
    FOLDERS.map(async (name) => (await readdir(join(root, name))).filter((file) => file.endsWith('.ts')).map((file) => join(name, file))),
  );
  for (const file of inFolders.flat()) await compile(file, folder);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'program.js'), source);
  const child = spawn(process.execPath, [join(folder, 'program.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function compile(file: string, folder: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(join(root, file), 'utf8'), {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2023, verbatimModuleSyntax: true },
  });
  const target = join(folder, file.replace(/^src\//, '').replace(/\.ts$/, '.js'));
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, outputText);
}
