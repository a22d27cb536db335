import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditNote } from '../../../src/modules/access/audit-log.js';
import { KeptOutput } from '../../../src/modules/builtin/terminal/kept-output.js';
import { markedProcesses } from '../../../src/modules/builtin/terminal/marked-processes.js';
import { terminalModule } from '../../../src/modules/builtin/terminal/terminal-module.js';
import { moduleGround, type ModuleGround } from '../../support/module-ground.js';
import { testRedis } from '../../support/test-redis.js';

const real = testRedis();
const audited: AuditNote[] = [];
let folder: string;
let ground: ModuleGround;

const ports = (shell: boolean) => ({
  audit: { note: (note: AuditNote) => Promise.resolve(void audited.push(note)) },
  shell,
  folder,
  maxMs: 120_000,
  secrets: ['a-secret-of-the-host'],
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
  ground = await moduleGround(terminalModule(ports(true)), { redis: real.redis });
});

afterAll(async () => {
  await ground.host.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('.terminal', () => {
  it('gives a program its words as they were typed, and no shell anything', async () => {
    expect(await ground.type(`.t printf %s\\\\n 'two words' "$HOME" a|b '>' x *`)).toMatch(
      /^\$ printf .*\n✅ \d+\.\d s\ntwo words\n\$HOME\na\|b\n>\nx\n\*$/,
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows the exit status with what was written on either output, and says what is not there', async () => {
    expect(await ground.type('.t ls -d / /absent-folder')).toMatch(/❌ Exit status 2 · [\s\S]*absent-folder/);
    expect(await ground.type('.t no-such-program -x')).toBe('⚠️ There is no program no-such-program.');
    expect(await ground.type('.t ./absent')).toBe('⚠️ There is no program ./absent.');
    expect(await ground.type(`.t echo 'open`)).toMatch(/^⚠️/);
    expect(await ground.type('.sh kill -9 $$')).toContain('❌ Ended by SIGKILL');
  });

  it('hands over nothing of the daemon: four variables, no descriptor, no input, a folder of its own', async () => {
    process.env.GRAMSCRIBE_TEST_SECRET = 'a-secret';
    const environment = await ground.type('.t env');
    delete process.env.GRAMSCRIBE_TEST_SECRET;
    expect(environment?.split('\n').slice(2).map((line) => line.split('=')[0]).sort()).toEqual(['GRAMSCRIBE_RUN', 'HOME', 'LANG', 'PATH']);
    expect(environment).toContain(`HOME=${folder}`);
    const secret = await open(join(folder, 'held-open'), 'w');
    const descriptors = await ground.type('.t ls -l /proc/self/fd');
    await secret.close();
    expect(descriptors).toContain('0 -> /dev/null');
    expect(descriptors).not.toContain('held-open');
    expect(descriptors?.match(/\d+ -> socket:/g)).toEqual(['1 -> socket:', '2 -> socket:']);
    expect(await ground.type('.t readlink /proc/self/fd/0 /proc/self/cwd')).toContain(`/dev/null\n${folder}`);
    expect(await ground.type('.t cat')).toContain('✅');
  });

  it('ends the whole group at the deadline, with what was written so far, also who does not listen', async () => {
    const soon = await moduleGround(terminalModule(ports(true)), { redis: real.redis, language: 'ru', settings: { deadline: 1500 } });
    const answer = await soon.type(`.sh trap '' TERM; (trap '' TERM; sleep 1000) & echo started $$; wait; sleep 1000`);
    await soon.host.stop();
    expect(answer).toMatch(/⏱ Остановлено через \d,\d с[\s\S]*started \d+/);
    expect(await groupMembers(Number(/started (\d+)/.exec(answer ?? '')?.[1]))).toEqual([]);
  });

  it('leaves nothing behind that a program started and did not wait for', async () => {
    const answer = await ground.type('.sh sleep 1000 & echo $$');
    expect(answer).toContain('✅');
    expect(await groupMembers(Number(answer?.split('\n').at(-1)))).toEqual([]);
  });

  it('leaves nobody who went out of the group: in a session of their own, twice forked, deaf to the word to stop', async () => {
    const away = ['setsid sleep 1000 &', '(setsid sh -c "sleep 1001 & sleep 1002" >/dev/null 2>&1 &) &', 'nohup setsid sh -c "trap : TERM HUP; while :; do sleep 0.1; done" >/dev/null 2>&1 &'];
    const mark = /^[\da-f-]{36}$/m.exec((await ground.type(`.sh ${away.join(' ')} echo $GRAMSCRIBE_RUN`)) ?? '')?.[0] ?? '';
    expect(mark).not.toBe('');
    expect(await markedProcesses(mark)).toEqual([]);
  });

  it('shows no secret of the host, though a program may find one', async () => {
    expect(await ground.type('.t printf %s%s a-secret- of-the-host,a-secret-of-the-host')).toMatch(/\n•••,•••$/);
  });

  it('is cancelled with all that it started', async () => {
    const typing = ground.type('.sh sleep 1000 & echo $$ > pid; wait', { messageId: 55 });
    await expect.poll(() => readFile(join(folder, 'pid'), 'utf8').catch(() => '')).toMatch(/\d+\n/);
    const group = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(await groupMembers(group)).not.toEqual([]);
    ground.runner.runs.cancel({ accountId: ground.accountId, messageId: 55 });
    expect(await typing).toContain('.sh');
    await expect.poll(() => groupMembers(group)).toEqual([]);
  });

  it('is ended with its module, which stops cleanly', async () => {
    const own = await moduleGround(terminalModule(ports(true)), { redis: real.redis });
    const typing = own.type('.sh sleep 1000 & echo $$ > pid-of-stopped; wait');
    await expect.poll(() => readFile(join(folder, 'pid-of-stopped'), 'utf8').catch(() => '')).toMatch(/\d+\n/);
    await own.host.stop();
    expect(await groupMembers(Number(await readFile(join(folder, 'pid-of-stopped'), 'utf8')))).toEqual([]);
    await typing;
    expect(own.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('writes each use down before it runs, without what came out, and does not run where it cannot be written down', async () => {
    audited.length = 0;
    await ground.type('.t echo output');
    expect(audited).toEqual([{ kind: 'danger', command: 'terminal', what: 'echo output' }]);
    const mute = await moduleGround(terminalModule({ ...ports(true), audit: { note: () => Promise.reject(new Error('no Redis')) } }), { redis: real.redis });
    await mute.type('.t touch made');
    await mute.host.stop();
    expect(await readdir(folder)).not.toContain('made');
  });

  it('has no shell unless the host allows one, and is the freshly typed word of the owner alone', () => {
    expect(terminalModule(ports(false)).commands.map(({ name }) => name)).toEqual(['terminal']);
    expect(terminalModule(ports(true)).commands.map(({ access }) => access)).toEqual(['typed', 'typed']);
  });
});

describe('what a program wrote', () => {
  it('has no part of a secret in it either, wherever it is cut', () => {
    const secret = 'correct-horse-battery-staple';
    for (let at = 0; at < 60; at += 1) {
      const output = new KeptOutput(40, [secret]);
      const written = `${'x'.repeat(at)}${secret}${'y'.repeat(100 - at)}${secret}`;
      for (const piece of written.match(/.{1,17}/g) ?? []) {
        output.push(piece);
        expect(output.shown(String)).not.toMatch(/correct|battery|staple/);
      }
      expect(output.shown(String)).toMatch(/y•••$/);
    }
    const half = new KeptOutput(40, [secret]);
    half.push('a door and a c');
    expect(half.shown(String)).toBe('a door and a c');
    half.push('at');
    expect(half.shown(String)).toBe('a door and a cat');
  });

  it('keeps its beginning and its end, and counts the rest', () => {
    const output = new KeptOutput(20);
    for (let line = 0; line < 1000; line += 1) output.push(`line ${line}\n`);
    expect(output.shown((characters) => `(${characters})`)).toBe('line 0\nlin\n(8870)\n\nline 999');
  });

  it('is shown without colours, bells, turned text and lines that were written over', () => {
    const output = new KeptOutput(1000);
    output.push('\u001b[31mred\u001b[0m\u0007\r\n10 %\r50 %\r100 %\n\u202eturned\ttab\u0000\ufffd\n\u001b]0;title\u0007end\n\n');
    expect(output.shown(String)).toBe('red\n100 %\n\ufffdturned\ttab\ufffd\ufffd\nend');
  });
});

/** Processes of the group that are alive. */
async function groupMembers(group: number): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return stats.filter((stat) => {
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state !== 'Z' && Number(pgrp) === group;
  });
}
