import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT_CONFIG } from '../../src/cli/exit-status.js';
import { projectRoot } from '../../src/setup/paths.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';

const UNIT = join(projectRoot, 'docs/gramscribe.service');

/** Every assignment of the unit, in order. */
async function assignments(): Promise<[string, string][]> {
  const lines = (await readFile(UNIT, 'utf8')).split('\n').filter((line) => /^\w+=/.test(line));
  return lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}

test('the unit waits for the word of the daemon, watches it, and leaves it alone where only the owner can help', async () => {
  expect(Object.fromEntries(await assignments())).toMatchObject({
    Type: 'notify',
    NotifyAccess: 'all',
    WatchdogSec: '2min',
    Restart: 'on-failure',
    RestartPreventExitStatus: String(EXIT_CONFIG),
    KillMode: 'mixed',
    OOMPolicy: 'continue',
  });
});

test('what the unit starts is there', async () => {
  const commands = (await assignments()).filter(([name]) => name.startsWith('ExecStart')).map(([, command]) => command.split(' '));
  expect(commands.map(([program]) => program)).toEqual(['/usr/bin/node', '/usr/bin/node']);
  for (const [, script = ''] of commands) expect(existsSync(join(projectRoot, script.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')))).toBe(true);
});

test('npm start, the image and the unit give the daemon as few arenas of malloc’s', async () => {
  for (const file of ['package.json', 'Dockerfile', 'docs/gramscribe.service']) {
    expect(await readFile(join(projectRoot, file), 'utf8'), file).toContain('MALLOC_ARENA_MAX=2');
  }
});

test('systemd takes every line of the unit, and finds the service little exposed', async (ctx) => {
  if (spawnSync('systemd-analyze', ['--version']).status !== 0) return ctx.skip('systemd-analyze is not on this machine');
  const file = join(await temporaryFolder(), 'gramscribe.service');
  // `verify` looks for the program, which is elsewhere on some machines.
  await writeFile(file, (await readFile(UNIT, 'utf8')).replaceAll('/usr/bin/node', process.execPath));
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
  expect(verified.stderr.split('\n').filter((line) => line.includes('gramscribe'))).toEqual([]);
  const audit = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', '--threshold=30', file], { encoding: 'utf8' });
  if (audit.stderr.includes('unrecognized option')) return;
  expect([audit.status, /exposure level.*/.exec(audit.stdout)?.[0]]).toEqual([0, expect.stringContaining('OK')]);
});
