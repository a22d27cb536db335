import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { cacheDir } from '../../src/setup/paths.mjs';
import { requireEngine } from '../support/engine.js';
import { tried, twoAtATime } from '../support/hostile-inputs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The program as its owner starts it, until it ends by itself. */
async function started(environment: Record<string, string>, folder: string): Promise<{ status: number | null; output: string }> {
  const { PATH = '', HOME = '' } = process.env;
  const credentials = { TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0123456789abcdef0123456789abcdef', GRAMSCRIBE_MODEL: 'nano' };
  const env = { PATH, HOME, GRAMSCRIBE_DATA: join(folder, 'data'), XDG_CACHE_HOME: join(cacheDir(process.env), '..'), ...credentials, ...environment };
  const child = spawn(process.execPath, [MAIN, 'start'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000, killSignal: 'SIGKILL' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

function expectClear({ status, output }: { status: number | null; output: string }, what: string, named: string): void {
  expect({ status, names: output.includes(named) }, `${what}: ${output}`).toEqual({ status: 78, names: true });
  expect(output, what).not.toMatch(/\n\s+at /);
  expect(output, what).not.toMatch(/S3CRET/);
}

/** A string session that looks right and belongs to nobody: what is wrong is found before anything is dialled. */
const SESSION = `1${Buffer.concat([Buffer.from([2, 0, 9]), Buffer.from('127.0.0.1'), Buffer.from([0, 1]), Buffer.alloc(256, 7)]).toString('base64')}`;

async function sessionFile(folder: string, bytes: Buffer | undefined): Promise<void> {
  await mkdir(join(folder, 'data', 'session'), { recursive: true });
  const path = join(folder, 'data', 'session', 'main.session');
  await (bytes === undefined ? mkdir(path) : writeFile(path, bytes));
}

test('what an operator can break in the data folder ends with status 78 and a word about it', async (ctx) => {
  requireEngine(ctx);
  const sealed = Buffer.concat([Buffer.from('GSS\x01\x01', 'latin1'), Buffer.alloc(400, 1)]);
  const cases: [string, (folder: string) => Promise<unknown>, Record<string, string>, string][] = [
    ['an empty session file', (folder) => sessionFile(folder, Buffer.alloc(0)), {}, 'main.session'],
    ['half of a session file', (folder) => sessionFile(folder, sealed.subarray(0, 30)), {}, 'main.session'],
    ['a session file that is a folder', (folder) => sessionFile(folder, undefined), {}, 'main.session'],
    ['a session sealed with a passphrase that is not set', (folder) => sessionFile(folder, sealed), {}, 'SESSION_PASSPHRASE'],
    ['a session sealed with another passphrase', (folder) => sessionFile(folder, sealed), { SESSION_PASSPHRASE: 'S3CRET' }, 'SESSION_PASSPHRASE'],
    ['a data folder that is a file', (folder) => writeFile(join(folder, 'data'), ''), { TELEGRAM_SESSION: SESSION }, 'GRAMSCRIBE_DATA'],
    ['a data folder that leads nowhere', (folder) => symlink('/proc/self/nowhere', join(folder, 'data')), { TELEGRAM_SESSION: SESSION }, 'GRAMSCRIBE_DATA'],
    ['a Redis folder that is a file', (folder) => mkdir(join(folder, 'data')).then(() => writeFile(join(folder, 'data', 'redis'), '')), { TELEGRAM_SESSION: SESSION }, 'redis'],
    ['a name of the pid file that is a folder', (folder) => mkdir(join(folder, 'data', 'gramscribe.pid'), { recursive: true }), { TELEGRAM_SESSION: SESSION }, 'GRAMSCRIBE_DATA'],
    ['a session string that lost its end', () => Promise.resolve(), { TELEGRAM_SESSION: SESSION.slice(0, -40) }, 'TELEGRAM_SESSION'],
  ];
  await twoAtATime(cases, async ([what, spoil, environment, named]) => {
    tried(ctx);
    const folder = await temporaryFolder();
    await spoil(folder);
    expectClear(await started(environment, folder), what, named);
  });
});

test('a model that is no model is named at the start', async (ctx) => {
  const engine = requireEngine(ctx);
  for (const [what, content] of [['a web page', '<!doctype html>'], ['a pointer', 'version https://git-lfs.github.com/spec/v1\n'], ['cut short', 'lmgg'], ['empty', '']] as const) {
    tried(ctx);
    const folder = await temporaryFolder();
    const models = join(folder, 'cache', 'gramscribe', 'models');
    await mkdir(models, { recursive: true });
    await writeFile(join(models, 'ggml-nano.bin'), content);
    // The engine as the image has it: a folder of its own.
    const engineDir = join(folder, 'engine');
    await mkdir(engineDir);
    await copyFile(engine.serverPath, join(engineDir, 'whisper-server'));
    await symlink(engine.vadPath, join(engineDir, 'whisper-vad-speech-segments')).catch(() => undefined);
    const environment = { TELEGRAM_SESSION: SESSION, XDG_CACHE_HOME: join(folder, 'cache'), GRAMSCRIBE_ENGINE_DIR: engineDir };
    expectClear(await started(environment, folder), what, 'npm run model -- pull nano');
  }
});

interface ForeignRedis {
  path: string;
  client: Redis;
}

async function foreignRedis(...options: string[]): Promise<ForeignRedis> {
  const folder = await temporaryFolder();
  const path = join(folder, 's');
  const child = spawn('redis-server', ['--port', '0', '--unixsocket', path, '--save', '', '--dir', folder, ...options], { stdio: ['ignore', 'pipe', 'ignore'] });
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (text.includes('ready to accept connections') ? resolve() : undefined));
  });
  const client = new Redis({ path, lazyConnect: true, ...(options.includes('--requirepass') ? { password: 'S3CRET' } : {}) });
  await client.connect();
  onTestFinished(async () => {
    client.disconnect();
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  });
  return { path, client };
}

test('a Redis that wants a password, or holds something else under our keys is named', async (ctx) => {
  requireEngine(ctx);
  const locked = await foreignRedis('--requirepass', 'S3CRET');
  const strange = await foreignRedis();
  await strange.client.set('gramscribe:main:tracked', 'somebody else\'s');
  await strange.client.set('gramscribe:settings', 'x');
  const cases = [
    ['without its password', locked.path, 'REDIS_URL'],
    ['with other things under our keys', strange.path, 'gramscribe:main:tracked'],
  ] as const;
  for (const [what, path, named] of cases) {
    tried(ctx);
    expectClear(await started({ TELEGRAM_SESSION: SESSION, REDIS_URL: path }, await temporaryFolder()), what, named);
  }
});
