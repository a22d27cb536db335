import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { projectRoot } from '../../src/setup/paths.mjs';
import { temporaryFolder } from '../support/temporary-folder.js';

const ENTRYPOINT = join(projectRoot, 'docker/entrypoint.sh');

/** The environment of a container whose `node` does this when the daemon is started; the set-up succeeds. */
async function containerWhere(daemon: string): Promise<Record<string, string>> {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'node'), `#!/bin/sh\ncase "$*" in *main.js*) ${daemon};; esac\n`, { mode: 0o755 });
  return { PATH: `${folder}:${process.env.PATH ?? ''}` };
}

/** Resolves when the text was written. */
async function said(child: ChildProcess, text: string): Promise<void> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (output.includes(text)) child.emit('said');
    });
  }
  await once(child, 'said');
}

test.each([0, 1, 75])('the container ends with the daemon, with its status %i, so that Docker starts it anew', async (status) => {
  const { status: seen } = spawnSync('sh', [ENTRYPOINT], { env: await containerWhere(`exit ${status}`) });
  expect(seen).toBe(status);
});

test('after status 78 the container stays, so that Telegram is not asked again and again, says what to do, and can be stopped', async () => {
  const child = spawn('sh', [ENTRYPOINT], { env: await containerWhere('exit 78') });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  await said(child, 'docker compose restart gramscribe');
  child.kill('SIGTERM');
  expect(await exited).toEqual([null, 'SIGTERM']);
});

test('a stop is for the daemon, which ends in its own time, with its own status', async () => {
  const child = spawn('sh', [ENTRYPOINT], { env: await containerWhere(`trap 'sleep 0.2; echo parked; exit 7' TERM; echo up; while :; do sleep 0.05; done`) });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  await said(child, 'up');
  child.kill('SIGTERM');
  await said(child, 'parked');
  expect(await exited).toEqual([7, null]);
});

test('any other command is the program itself', async () => {
  const { stdout } = spawnSync('sh', [ENTRYPOINT, 'model', 'list'], { env: await containerWhere('echo "$@"'), encoding: 'utf8' });
  expect(stdout.trim()).toBe('/opt/gramscribe/dist/main.js model list');
});
