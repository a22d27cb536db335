import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadConfig, type Config, type Environment } from '../../src/config/load-config.js';
import { settings, type Setting } from '../../src/config/settings.js';
import { ConfigError } from '../../src/errors.js';
import { anyText, forEvery, NASTY_TEXTS, tried, twoAtATime } from '../support/hostile-inputs.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const all = Object.values(settings) as Setting<unknown>[];
const variables = all.map(({ variable }) => variable);
/** What would move the cursor, end the line or turn the reading direction of a terminal. */
const UNPRINTABLE = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

const NEAR_MISSES = [
  '0', '-1', '1.5', '1e3', '+1', '0x10', '١', '1 ', '999999999999999', '9999999999999999', '5s', '5', '5S', '5 s', '-5s', '1h1m', '0ms',
  '999999999d', '20MB', '20mb', '20 MB', '999999999GiB', '0KB', 'yes', 'YES', 'да', 'on', '2', 'en', 'EN', 'ru_RU', 'zz', 'auto', 'AUTO',
  'info', 'INFO', 'verbose', 'json', 'pretty', 'base', 'Base', 'base/../x', '../base', 'base\n', 'redis://', 'redis://h:0', 'redis://h:65536',
  'redis://:p#s@h', 'http://redis', 'unix://', 'unix:relative', '/', '/tmp', 'localhost:6379', 'http://', 'https://', 'ftp://h/x', 'http://h h/',
  'file:///etc/passwd', 'javascript:x', '127.0.0.1:1', '8.8.8.8:443', '2=127.0.0.1:1,2=127.0.0.1:2', '127.0.0.1:0', '0123456789abcdef0123456789abcdef',
]; // prettier-ignore

/** Loads, or gives the issues of the refusal; anything but a `ConfigError` fails the test. */
function load(environment: Environment, folder: string): Config | readonly string[] {
  try {
    return loadConfig(environment, folder);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).issues;
  }
}

function expectClear(issues: readonly string[], setting: Setting<unknown>, value: string): void {
  const own = issues.filter((issue) => issue.startsWith(setting.variable));
  expect(own, `${setting.variable}=${value}`).not.toEqual([]);
  for (const issue of own) {
    expect(issue).not.toMatch(UNPRINTABLE);
    expect(issue.length).toBeLessThan(400);
  }
}

test('each setting takes each bad value as a value, or refuses it by its name and says what it takes', async (ctx) => {
  const folder = await temporaryFolder();
  for (const setting of all) {
    for (const value of [...NASTY_TEXTS, ...NEAR_MISSES]) {
      tried(ctx);
      const found = load({ [setting.variable]: value }, folder);
      if (!Array.isArray(found)) continue;
      const issues = found as readonly string[];
      // Credentials and test addresses belong together with a second variable, which is then what is asked for.
      if (issues.every((issue) => issue.startsWith('TELEGRAM_API_ID and') || issue.startsWith('TELEGRAM_TEST_DC_KEY: is not'))) continue;
      expectClear(issues, setting, value);
      expect(issues.join('\n')).toContain(setting.type.takes);
    }
  }
});

test('no secret is repeated, however wrong it is', async (ctx) => {
  const folder = await temporaryFolder();
  const secrets = all.filter(({ secret }) => secret).map(({ variable }) => variable);
  const value = fc.stringMatching(/^S3CRET[a-h#%:/@ ]{8,40}S3CRET$/);
  await forEvery(ctx, fc.tuple(fc.constantFrom(...secrets), value), 300, ([variable, secret]) => {
    const found = load({ [variable]: secret, GRAMSCRIBE_THREADS: 'many' }, folder);
    expect((found as readonly string[]).join('\n')).not.toContain('S3CRET');
  });
});

test('any environment at all gives a configuration within its limits or a list of what is wrong', async (ctx) => {
  const folder = await temporaryFolder();
  const name = fc.oneof(fc.constantFrom(...variables), fc.constantFrom('LANG', 'LC_ALL', 'HOME', 'XDG_CACHE_HOME', '__proto__', 'GRAMSCRIBE_', 'GRAMSCRIBE_\u202e'));
  const value = fc.oneof(anyText, fc.constantFrom(...NEAR_MISSES));
  await forEvery(ctx, fc.array(fc.tuple(name, value), { maxLength: 6 }), 700, (pairs) => {
    const found = load(Object.fromEntries(pairs), folder);
    if (Array.isArray(found)) {
      expect((found as readonly string[]).length).toBeGreaterThan(0);
      expect((found as readonly string[]).join('\n')).not.toMatch(UNPRINTABLE);
      return;
    }
    const config = found as Config;
    expect(config.maxWindowMs).toBeLessThanOrEqual(30_000);
    expect(Number.isSafeInteger(config.maxFileBytes) && Number.isSafeInteger(config.maxAudioMs)).toBe(true);
    expect(['en', 'ru']).toContain(config.language);
  });
});

test('any bytes in .env are read as settings or passed over', async (ctx) => {
  const folder = await temporaryFolder();
  const line = fc.oneof(anyText, fc.tuple(fc.constantFrom(...variables), anyText).map(([name, value]) => `${name}=${value}`));
  await forEvery(ctx, fc.array(line, { maxLength: 5 }), 150, async (lines) => {
    await writeFile(join(folder, '.env'), lines.join('\n'));
    load({}, folder);
  });
  await forEvery(ctx, fc.uint8Array({ maxLength: 300 }), 100, async (bytes) => {
    await writeFile(join(folder, '.env'), bytes);
    load({}, folder);
  });
});

test('a .env that is a folder is named', async (ctx) => {
  tried(ctx);
  const folder = await temporaryFolder();
  await mkdir(join(folder, '.env'));
  expect(load({}, folder)).toEqual([expect.stringContaining('.env: cannot be read')]);
});

interface Exit {
  status: number;
  output: string;
}

/** The program as its owner starts it, with nothing but this environment. */
function started(environment: Record<string, string>, folder: string): Promise<Exit> {
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const env = { PATH, HOME, ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }), ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, 'start'], { cwd: folder, env, timeout: 60_000, killSignal: 'SIGKILL' }, (_error, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

const CREDENTIALS = { GRAMSCRIBE_MODEL: 'nano', TELEGRAM_API_ID: '1', TELEGRAM_API_HASH: '0123456789abcdef0123456789abcdef' };
const BAD_STARTS: [Record<string, string>, string][] = [
  [{ TELEGRAM_API_ID: 'x' }, 'TELEGRAM_API_ID'],
  [{ ...CREDENTIALS, TELEGRAM_API_HASH: 'S3CRET' }, 'TELEGRAM_API_HASH'],
  [{ ...CREDENTIALS, TELEGRAM_SESSION: '1S3CRETnotasession' }, 'TELEGRAM_SESSION'],
  [{ ...CREDENTIALS, REDIS_URL: 'redis://:S3CRET#@h' }, 'REDIS_URL'],
  [{ ...CREDENTIALS, LOG_LEVEL: 'all' }, 'LOG_LEVEL'],
  [{ ...CREDENTIALS, GRAMSCRIBE_SPEECH_LANGUAGE: 'zz' }, 'GRAMSCRIBE_SPEECH_LANGUAGE'],
  [{ ...CREDENTIALS, TELEGRAM_SESSION: 'x', GRAMSCRIBE_DATA: '/proc/nowhere' }, 'GRAMSCRIBE_DATA'],
  [{ ...CREDENTIALS, GRAMSCRIBE_DATA: '/dev/null' }, 'GRAMSCRIBE_DATA'],
  [{ ...CREDENTIALS, TELEGRAM_SESSION: 'x', TELEGRAM_TEST_DC: '8.8.8.8:443', TELEGRAM_TEST_DC_KEY: '/nowhere.pem' }, 'TELEGRAM_TEST_DC'],
  [{}, 'npm run login'],
];

test('the program ends with status 78, the name of the variable, no secret and no stack', async (ctx) => {
  const folder = await temporaryFolder();
  await twoAtATime(BAD_STARTS, async ([environment, named]) => {
    tried(ctx);
    const { status, output } = await started(environment, folder);
    expect({ status, names: output.includes(named) }, `${JSON.stringify(environment)}: ${output}`).toEqual({ status: 78, names: true });
    expect(output).not.toMatch(/S3CRET|\n\s+at /);
  });
});
