import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.js';
import { ConfigError } from '../../src/errors.js';
import { temporaryFolder } from '../support/temporary-folder.js';

function issuesOf(environment: Record<string, string>, folder: string): readonly string[] {
  try {
    loadConfig(environment, folder);
  } catch (error) {
    if (error instanceof ConfigError) return error.issues;
    throw error;
  }
  return [];
}

test('an empty environment gives the defaults, with paths below the folder', async () => {
  const folder = await temporaryFolder();
  const config = loadConfig({}, folder);
  expect(config).toMatchObject({ model: 'base', maxWindowMs: 30_000, maxFileBytes: 200_000_000, language: 'en', concurrency: 2 });
  expect(config.dataDir).toBe(join(folder, 'data'));
  expect(config.apiId).toBeUndefined();
});

test('all problems are reported at once, each with the variable, what it got and what it takes', async () => {
  const issues = issuesOf({ GRAMSCRIBE_THREADS: 'many', GRAMSCRIBE_WINDOW: '1h', LOG_LEVEL: 'loud' }, await temporaryFolder());
  expect(issues).toEqual([
    'LOG_LEVEL: got "loud", takes one of: fatal, error, warn, info, debug, trace',
    'GRAMSCRIBE_THREADS: got "many", takes a whole number from 0 to 256',
    'GRAMSCRIBE_WINDOW: got "1h", takes a duration from 5s to 30s, such as 30s, 10m or 2h',
  ]);
});

test.each([
  ['8477', 8477],
  ['off', 0],
  ['0', 0],
  ['OFF', 0],
])('a health port of %s is %i', async (given, port) => {
  expect(loadConfig({ GRAMSCRIBE_HEALTH_PORT: given }, await temporaryFolder()).healthPort).toBe(port);
});

test.each(['65536', '-1', '80a', 'on'])('a health port of %s is refused', async (given) => {
  expect(issuesOf({ GRAMSCRIBE_HEALTH_PORT: given }, await temporaryFolder())).toEqual([
    `GRAMSCRIBE_HEALTH_PORT: got "${given}", takes a port from 1 to 65535, or off`,
  ]);
});

test('a bad secret is named without its value', async () => {
  const issues = issuesOf({ TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: 'hunter2' }, await temporaryFolder());
  expect(issues[0]).toContain('TELEGRAM_API_HASH');
  expect(issues.join()).not.toContain('hunter2');
});

test('half of the credentials, or a test data centre without its key, is a problem of its own', async () => {
  const folder = await temporaryFolder();
  expect(issuesOf({ TELEGRAM_API_ID: '1' }, folder)[0]).toContain('belong together');
  expect(issuesOf({ TELEGRAM_TEST_DC: '127.0.0.1:20000' }, folder)[0]).toContain('TELEGRAM_TEST_DC_KEY');
});

test('the environment wins over .env, and an empty variable counts as unset', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, '.env'), 'GRAMSCRIBE_MODEL=small\nGRAMSCRIBE_THREADS=3\n');
  expect(loadConfig({ GRAMSCRIBE_MODEL: 'tiny', GRAMSCRIBE_THREADS: '' }, folder)).toMatchObject({ model: 'tiny', threads: 3 });
});

test('units are understood and kept as milliseconds and bytes', async () => {
  const config = loadConfig({ GRAMSCRIBE_ENGINE_IDLE: '90s', GRAMSCRIBE_MAX_FILE: '2GiB' }, await temporaryFolder());
  expect([config.engineIdleMs, config.maxFileBytes]).toEqual([90_000, 2 * 1024 ** 3]);
});

test('an unknown GRAMSCRIBE_ variable is warned about with the nearest known name', async () => {
  const { warnings } = loadConfig({ GRAMSCRIBE_MODLE: 'tiny', GRAMSCRIBE_MODEL: 'tiny' }, await temporaryFolder());
  expect(warnings).toEqual(['GRAMSCRIBE_MODLE is not a setting of Gramscribe; did you mean GRAMSCRIBE_MODEL?']);
});

test.each([
  [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
  [{ LANG: 'de_DE.UTF-8' }, 'en'],
  [{ LC_ALL: 'C', LANG: 'ru_RU.UTF-8' }, 'en'],
  [{ GRAMSCRIBE_LANG: 'ru', LANG: 'en_GB' }, 'ru'],
])('the language of %o is %s', async (environment, language) => {
  expect(loadConfig(environment, await temporaryFolder()).language).toBe(language);
});

test('an address of Redis that cannot be read is refused here, not when it is used', async () => {
  const folder = await temporaryFolder();
  for (const good of ['redis://localhost', 'rediss://me:p%23s@[::1]:6380/2', '/run/redis.sock', 'unix:///run/redis.sock']) {
    expect(issuesOf({ REDIS_URL: good }, folder)).toEqual([]);
  }
  for (const bad of ['redis://', 'redis://host:99999', 'redis://:p#s@host', 'redis://:p%zz@host', 'redis://host/name', 'localhost:6379']) {
    expect(issuesOf({ REDIS_URL: bad }, folder).join(), bad).toMatch(/^REDIS_URL: got a value, takes redis:/);
  }
});

test('dangerous modules are named one by one, none is unless it is, and a name that nobody knows is refused', async () => {
  const folder = await temporaryFolder();
  expect(loadConfig({}, folder)).not.toHaveProperty('dangerousModules');
  expect(loadConfig({}, folder).terminalShell).toBe(false);
  expect(loadConfig({ DANGEROUS_MODULES: 'terminal, evaluate' }, folder).dangerousModules).toEqual(['terminal', 'evaluate']);
  expect(issuesOf({ DANGEROUS_MODULES: 'terminal,eval' }, folder).join()).toMatch(/^DANGEROUS_MODULES: got "terminal,eval", takes one or more of: evaluate, terminal/);
});

test('programs of the terminal do not work within the data folder', async () => {
  const folder = await temporaryFolder();
  expect(loadConfig({ TERMINAL_DIR: 'work' }, folder).terminalDir).toBe(join(folder, 'work'));
  for (const inside of ['data', 'data/work', 'x/../data']) expect(issuesOf({ TERMINAL_DIR: inside }, folder)).toHaveLength(1);
});
