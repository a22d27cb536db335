import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { readEnvironment } from '../../src/setup/environment.mjs';
import { cacheDir } from '../../src/setup/paths.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';

async function dotEnv(text: string): Promise<string> {
  const file = join(await temporaryFolder(), '.env');
  await writeFile(file, text);
  return file;
}

test('without anything set it speaks English, wants model base and looks after Redis itself', async () => {
  const file = join(await temporaryFolder(), '.env');
  expect(readEnvironment({ HOME: '/home/x' }, file)).toEqual({
    language: 'en',
    cache: '/home/x/.cache/gramscribe',
    model: 'base',
    modelBaseUrl: undefined,
    downloadProxies: undefined,
    engineDir: undefined,
    hasOwnRedis: false,
  });
});

test.each([
  [{ MODEL_PROXY: 'socks5h://me:p%40ss@p:1080', HTTPS_PROXY: 'http://other:1', NO_PROXY: '*' }, { http: 'socks5://me:p%40ss@p:1080', https: 'socks5://me:p%40ss@p:1080' }],
  [{ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' }, { https: 'http://lower:1' }],
  [{ http_proxy: 'proxy.lan:3128', NO_PROXY: 'a.lan,.b' }, { http: 'http://proxy.lan:3128', none: 'a.lan,.b' }],
  [{ ALL_PROXY: 'socks5://p:1' }, { http: 'socks5://p:1', https: 'socks5://p:1' }],
  [{ NO_PROXY: '*', HTTPS_PROXY: '' }, undefined],
])('the proxies of downloads come from %j, the same for the set-up and the program', async (env, proxies) => {
  const file = await dotEnv('');
  expect(readEnvironment(env, file).downloadProxies).toEqual(proxies);
  expect(loadConfig(env, join(file, '..')).downloadProxies).toEqual(proxies);
});

test('a link of a proxy that is not understood is refused without showing it', () => {
  for (const link of ['ftp://u:hidden@p:1', 'http://', 'p:1', 'http://u:hidden%zz@p:1', 'http://u:hidden@p:1/path']) {
    expect(() => loadConfig({ MODEL_PROXY: link }, '/nowhere'), link).toThrow(/^MODEL_PROXY: got a value, takes http:/);
  }
});

test('.env is read, with quotes and comments, and the environment wins over it', async () => {
  const file = await dotEnv('# mine\nGRAMSCRIBE_MODEL="small" # larger\nexport MODEL_BASE_URL=http://mirror/ # ours\nREDIS_URL=\nGRAMSCRIBE_LANG=ru\n');
  const environment = readEnvironment({ GRAMSCRIBE_LANG: 'en' }, file);
  expect(environment).toMatchObject({ model: 'small', modelBaseUrl: 'http://mirror/', hasOwnRedis: false, language: 'en' });
});

test.each([
  [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'ru_RU.UTF-8', LC_ALL: 'en_US.UTF-8' }, 'en'],
  [{ LANG: 'C', GRAMSCRIBE_LANG: 'ru' }, 'ru'],
])('the language comes from %j', async (env, language) => {
  expect(readEnvironment(env, await dotEnv('')).language).toBe(language);
});

test('the set-up and the program agree on what the same surroundings mean', async () => {
  const file = await dotEnv("GRAMSCRIBE_MODEL='small-q8_0'\nMODEL_BASE_URL=https://mirror.example/m\nXDG_CACHE_HOME=/var/cache/x\nLANG=ru_RU.UTF-8\n");
  const setup = readEnvironment({}, file);
  const program = loadConfig({}, join(file, '..'));
  expect(setup).toMatchObject({
    language: program.language,
    cache: program.cacheDir,
    model: program.model,
    modelBaseUrl: program.modelBaseUrl,
  });
});

test('a cache folder that is not absolute is no cache folder', () => {
  expect(cacheDir({ XDG_CACHE_HOME: 'here', HOME: '/home/x' })).toBe('/home/x/.cache/gramscribe');
  expect(cacheDir({ XDG_CACHE_HOME: '/var/cache', HOME: '/home/x' })).toBe('/var/cache/gramscribe');
});
