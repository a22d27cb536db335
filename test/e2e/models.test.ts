import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cacheDir, enginesDir, modelPath, modelsDir } from '../../src/setup/paths.mjs';
import { clip, words } from '../support/clips.js';
import { annaSays, command, ground, onlyAnswerTo } from './ground.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const run = promisify(execFile);

/** A cache of its own: this machine's engine, its bundled model under two names, and a file that is no model but looks like one. */
const home = await mkdtemp(join(tmpdir(), 'gramscribe-models-'));
const cache = cacheDir({ XDG_CACHE_HOME: home });
const real = cacheDir(process.env);

beforeAll(async () => {
  await mkdir(modelsDir(cache), { recursive: true });
  await symlink(enginesDir(real), enginesDir(cache));
  for (const name of ['nano', 'nano-two']) {
    const copy = modelPath(cache, name);
    await link(modelPath(real, 'nano'), copy).catch(() => symlink(modelPath(real, 'nano'), copy));
  }
  await writeFile(modelPath(cache, 'broken'), Buffer.concat([Buffer.from('lmgg'), randomBytes(100_000)]));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const context = ground({ XDG_CACHE_HOME: home });

/** The shell beside the daemon, with its settings. */
async function shell(...args: string[]): Promise<{ status: number; output: string }> {
  const environment = { PATH: process.env.PATH, HOME: process.env.HOME, XDG_CACHE_HOME: home, GRAMSCRIBE_DATA: context.daemon.dataDir, GRAMSCRIBE_MODEL: 'nano', GRAMSCRIBE_LANG: 'en' };
  try {
    const { stdout } = await run(process.execPath, [MAIN, 'model', ...args], { env: environment, cwd: join(context.daemon.dataDir, '..') });
    return { status: 0, output: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, output: stdout + stderr };
  }
}

test('the shell switches a running daemon, and no voice before, meanwhile or after is lost or answered twice', async () => {
  const before = [annaSays(context, '03-ru.ogg'), annaSays(context, '04-en.ogg')];
  const switched = shell('use', 'nano-two');
  const meanwhile = annaSays(context, '09-ru.ogg');
  expect(await switched).toEqual({ status: 0, output: 'The daemon loads nano-two and tries it…\n✓ The daemon uses nano-two\n' });
  expect(await command(context, '.model')).toContain('Model: nano-two\n');
  const after = annaSays(context, '10-en.ogg');
  const files = ['03-ru.ogg', '04-en.ogg', '09-ru.ogg', '10-en.ogg'];
  for (const [index, voice] of [...before, meanwhile, after].entries()) {
    expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip(files[index] ?? '').text);
  }
  expect((await shell('list')).output).toMatch(/^› nano-two .* here, in use$/m);
});

test('a model that fails its trial is refused on the shell and in the chat, and the one before goes on', async () => {
  const current = /Model: (\S+)/.exec(await command(context, '.model'))?.[1] ?? '';
  const refused = await shell('use', 'broken');
  expect(refused.status).toBe(1);
  expect(refused.output).toContain(`The daemon goes on with ${current}, and nothing is lost`);
  expect(await command(context, '.model broken')).toMatch(new RegExp(`^⚠️ broken cannot be used: .+\\. ${current} stays in use`));
  expect(await command(context, '.model')).toContain(`Model: ${current}\n`);
  const voice = annaSays(context, '11-ru.ogg');
  expect(words((await onlyAnswerTo(context, voice)).text)).toBe(clip('11-ru.ogg').text);
  expect((await shell('list')).output).toMatch(new RegExp(`^› ${current} `, 'm'));
});

test('a chat and a person have models of their own, each heard by it, and what cannot be used is stood in for', async () => {
  const { daemon } = context;
  const own = /Model: (\S+)/.exec(await command(context, '.model'))?.[1] ?? '';
  const theirs = own === 'nano' ? 'nano-two' : 'nano';
  expect(await command(context, `.model ${theirs} here`)).toContain(theirs);
  const spoken = words((await onlyAnswerTo(context, annaSays(context, '06-en.ogg'))).text);
  expect(spoken).toBe(clip('06-en.ogg').text);
  await daemon.line([`"model":"${theirs}"`, '"msg":"speech engine started"']);
  expect(await command(context, '.model')).toContain(`Model: ${own}\n`);
  expect(await command(context, '.model @anna_k broken')).toContain('broken');
  expect(words((await onlyAnswerTo(context, annaSays(context, '08-en.ogg'))).text)).toBe(clip('08-en.ogg').text);
  await daemon.line([`the model broken of these voices cannot be used, ${own} hears this one`]);
  expect(await command(context, '.model @anna_k reset')).toContain(theirs);
  expect(await command(context, '.model reset here')).toContain(own);
});

test('the choice outlives the daemon; where none runs, it is for the next start', async () => {
  await context.daemon.end();
  expect(await shell('use', 'nano')).toEqual({ status: 0, output: '✓ nano is used from the next start of the daemon; none runs now\n' });
  await writeFile(modelPath(cache, 'left-over'), 'lmgg');
  expect(await shell('rm', 'nano')).toMatchObject({ status: 1 });
  expect(await shell('rm', 'left-over')).toMatchObject({ status: 0 });
  await context.daemon.start();
  expect(await command(context, '.model')).toBe('🧠 Model: nano\nOn this machine: broken, nano, nano-two');
});
