import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { foreignGround, moduleSource, packed, someMessage } from './support/foreign-ground.js';

const dice = await readFile(new URL('../../fixtures/modules/dice/module.js', import.meta.url), 'utf8');
const reaches = await readFile(new URL('../../fixtures/modules/hostile/reaches-out.js', import.meta.url), 'utf8');
const everything = ['send', 'history', 'download', 'transcribe', 'network', 'store'];

/** A core with one hostile module in it. */
async function against(source: string, network: readonly string[] = [], options: { callMs?: number } = {}) {
  const made = foreignGround(await temporaryFolder(), options);
  onTestFinished(() => made.stop());
  await made.load(await packed(source, undefined, network));
  return made;
}

/** What a call came to: its answer, or that it failed. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (answer) => answer,
    (error: unknown) => `failed: ${error instanceof Error ? error.name : 'error'}`,
  );
}

describe('a hostile module that reaches for what is around it', () => {
  let answers: Record<string, string>;
  let connections = 0;
  let folder: string;

  afterAll(() => rm(folder, { recursive: true, force: true }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gramscribe-test-'));
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data', 'session'), 'SECRET-SESSION');
    process.env['HOSTILE_CANARY'] = 'SECRET-ENVIRONMENT';
    const made = foreignGround(folder);
    await made.load(await packed(reaches));
    // Stands for Redis, and for whatever else listens on this machine.
    const server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    answers = JSON.parse((await made.call('reaches', 'reach', { what: `${folder} ${(server.address() as AddressInfo).port}` })) as string) as Record<string, string>;
    await made.stop();
    server.close();
    delete process.env['HOSTILE_CANARY'];
  });

  it.each(['session file', 'environment', '/proc', 'other folders', 'fs by import', 'fs by require', 'redis', 'fetch', 'sockets', 'web sockets', 'code from the network', 'spawn', 'process', 'constructor', 'webassembly', 'worker', 'host internals', 'gramscribe internals'])(
    'finds no way to %s',
    (way) => {
      expect(answers[way]).toMatch(/^refused: /);
    },
  );

  it('has seen no secret in any of what it tried', () => {
    expect(JSON.stringify(answers)).not.toContain('SECRET');
    expect(Object.keys(answers)).toHaveLength(18);
    expect(connections).toBe(0);
  });
});

describe('a hostile module that is let in', () => {
  it('cannot block: an endless loop ends its process, a neighbour answers meanwhile, and the third one within ten minutes stops it', async () => {
    const made = await against(moduleSource({ run: "if (call.args.what === 'loop') for (;;); return 'alive';" }), [], { callMs: 500 });
    await made.load(await packed(dice));
    for (let round = 1; round <= 3; round += 1) {
      const looping = outcome(made.call('sly', 'try', { what: 'loop' }));
      expect(await made.call('dice', 'roll')).toContain('🎲');
      expect(await looping).toBe('failed: ConfinementError');
      if (round < 3) await expect.poll(() => outcome(made.call('sly', 'try'))).toBe('alive');
    }
    await expect.poll(() => made.halted.get('sly')).toContain('computed for longer');
    expect(await made.call('dice', 'roll')).toContain('🎲');
  });

  it('cannot exhaust the memory: its own process ends at its bound', async () => {
    const made = await against(moduleSource({ run: "const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1));" }));
    expect(await outcome(made.call('sly', 'try'))).toMatch(/^failed: /);
    await expect.poll(() => made.lines.some((line) => line['end'] === 'memory')).toBe(true);
  });

  it('cannot flood the core with calls: those over its budget are refused, and going on stops it', async () => {
    const run = "const all = []; for (let i = 0; i < 40; i += 1) { const some = []; for (let j = 0; j < 40; j += 1) some.push(ctx.store.get('a').catch(() => 'no')); all.push(...(await Promise.all(some))); } return String(all.filter((one) => one === 'no').length);";
    const made = await against(moduleSource({ uses: ['store'], run }));
    expect(await outcome(made.call('sly', 'try'))).toMatch(/^failed: /);
    await expect.poll(() => made.halted.get('sly')).toContain('more than it may');
  });

  it('cannot hold the daemon by calls that are large: so many bytes stop it', async () => {
    const run = "const big = 'x'.repeat(3_900_000); await Promise.all(Array.from({ length: 8 }, () => host.call('none', big).catch(() => 0))); return 'done';";
    const made = await against(moduleSource({ run }));
    expect(await outcome(made.call('sly', 'try'))).toMatch(/^failed: /);
    await expect.poll(() => made.halted.get('sly')).toContain('more than it may');
  });

  it('cannot flood the log: lines over its budget are dropped and counted', async () => {
    const made = await against(moduleSource({ run: "for (let i = 0; i < 300; i += 1) console.log('line ' + i); await ctx.sleep(1); return 'done';" }));
    expect(await made.call('sly', 'try')).toBe('done');
    expect(made.moduleLines.length).toBeLessThanOrEqual(40);
    expect((await made.modules.info('sly'))?.usage?.linesDropped).toBeGreaterThan(200);
  });

  it('is stopped when it uses what it was not granted, and the owner is told what', async () => {
    const made = await against(moduleSource({ run: "await host.call('send.send', { to: 'saved', what: 'hi', options: {} }); return 'sent';" }));
    expect(await outcome(made.call('sly', 'try'))).toMatch(/^failed: /);
    expect(made.calls).toEqual([]);
    expect(made.halted.get('sly')).toContain('not granted: to write');
  });

  it('reaches no chat that it was not shown, and changes no message that it did not send', async () => {
    const run = `
      const tries = [];
      for (const ask of [
        () => ctx.send.send({ kind: 'user', id: '777000' }, 'hi', undefined, signal),
        () => ctx.send.edit({ kind: 'channel', id: '5' }, 1, 'x', signal),
        () => ctx.send.remove({ kind: 'user', id: '201' }, [1], signal),
        () => ctx.send.edit(call.message.chat, 1, 'x', signal),
        () => ctx.send.remove(call.message.chat, [call.message.messageId], signal),
        () => ctx.send.remove('saved', [1, 2, 3], signal),
        () => ctx.history.message('saved', 1, signal),
        () => ctx.history.message({ kind: 'user', id: '777000' }, 1, signal),
        () => ctx.download.file({ chat: { kind: 'user', id: '201' }, messageId: 1 }, 10, signal),
        () => ctx.transcribe.voice({ chat: { kind: 'user', id: '201' }, messageId: 1 }, signal),
      ]) tries.push(await ask().then(() => 'done', (error) => error.name));
      return tries.join();`;
    const made = await against(moduleSource({ uses: everything, run }), ['api.example.com']);
    expect(await made.call('sly', 'try')).toBe(Array(10).fill('CommandRefusal').join());
    expect(made.calls).toEqual([]);
  });

  it('reaches no host but those it named: not by another name, port, scheme, user info, nor through a redirect', async () => {
    const urls = ['https://evil.example.com/', 'https://127.0.0.1/', 'https://localhost/', 'https://api.example.com:8443/', 'http://api.example.com/', 'https://api.example.com@evil.example.com/', 'https://[::1]/', 'file:///etc/passwd'];
    const run = `
      const tries = [];
      for (const url of [...${JSON.stringify(urls)}, 'https://api.example.com/?to=https://127.0.0.1/', 'https://api.example.com/?to=http://api.example.com/'])
        tries.push(await ctx.network.fetch(url, undefined, signal).then(() => 'reached', () => 'refused'));
      return tries.join();`;
    const made = await against(moduleSource({ uses: ['network'], run }), ['api.example.com']);
    expect(await made.call('sly', 'try')).toBe(Array(10).fill('refused').join());
    expect(made.calls.map(({ to }) => new URL(String(to)).host)).toEqual(['api.example.com', 'api.example.com']);
  });

  it('pollutes no prototype and breaks nothing with malformed or huge answers and calls', async () => {
    const run = `
      const which = call.args.what;
      if (which === 'proto') return JSON.parse('{"text":"x","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}');
      if (which === 'entities') return { text: 'ab', entities: [{ type: 'bold', offset: 0, length: 99 }] };
      if (which === 'huge') return 'x'.repeat(5e6);
      if (which === 'number') return 5;
      if (which === 'path') return { file: { name: '../../etc/passwd', mimeType: 'text/plain', bytes: new Uint8Array(1) } };
      if (which === 'call') return (await host.call('store.set', JSON.parse('{"key":"a","value":1,"__proto__":{"polluted":1}}'))).ok === undefined ? 'no' : 'yes';
      if (which === 'malformed') { const tries = []; for (const input of [null, 5, [], { key: 5 }, { key: 'x'.repeat(1000) }, 'text']) tries.push((await host.call('store.get', input)).failed !== undefined); tries.push((await host.call('no.such', {})).failed !== undefined); tries.push((await host.call('constructor', {})).failed !== undefined); return tries.join(); }
      if (which === 'scope') return JSON.stringify(await host.call('call.confirm', { scope: 999, question: 'forged?' }));
      return 'fine';`;
    const made = await against(moduleSource({ uses: ['store'], run }));
    for (const what of ['proto', 'huge', 'number', 'path']) expect(await outcome(made.call('sly', 'try', { what })), what).toMatch(/^failed: /);
    expect(await made.call('sly', 'try', { what: 'entities' })).toEqual({ text: 'ab', entities: [] });
    await made.call('sly', 'try', { what: 'call' });
    expect(await made.call('sly', 'try', { what: 'malformed' })).toBe(Array(8).fill('true').join());
    expect(await made.call('sly', 'try', { what: 'scope' })).toContain('refused');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(await made.call('sly', 'try')).toBe('fine');
  });

  it('holds this thread with no regular expression: it runs inside, and costs its own process', async () => {
    const more = (matches: string) => `watchers: (watcher) => [watcher({ name: 'bomb', filter: { text: { matches: '${matches}' } }, run: async () => undefined })],`;
    await expect(against(moduleSource({ more: more('^(a+)+$') }))).rejects.toThrow(expect.objectContaining({ forPerson: expect.stringContaining('could take hours') as string }) as Error);
    // One that the trial does not see through.
    const made = await against(moduleSource({ more: more(String.raw`^(\\x62+)+$`) }), [], { callMs: 500 });
    const { module } = made.entries.get('sly')!;
    const watching = outcome(module.watchers[0]!.run({ ...someMessage, text: `${'b'.repeat(40)}!` }, {} as never, made.signal));
    const turns = await new Promise<number>((resolve) => setTimeout(() => resolve(1), 5));
    expect(turns).toBe(1);
    expect(await watching).toMatch(/^failed: /);
  });

  it('does not stay alive after it is thrown out, though it will not stop', async () => {
    const more = "start: async (ctx) => { (async () => { for (;;) { await ctx.sleep(1); await ctx.store.set('alive', Date.now()); } })(); },\n  stop: () => new Promise(() => undefined),";
    const made = await against(moduleSource({ uses: ['store'], more }));
    await expect.poll(() => made.stored.has('alive')).toBe(true);
    await made.modules.unload('sly');
    const last = made.stored.get('alive');
    expect((await made.modules.info('sly'))?.residentBytes).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made.stored.get('alive')).toBe(last);
    expect(await readdir(made.folder)).toEqual([]);
  });

  it('does not stay alive after it is thrown out in the middle of a loop without end', async () => {
    const made = await against(moduleSource({ run: "call.progress('looping'); await ctx.sleep(1); for (;;);" }), [], { callMs: 60_000 });
    const begun = new Promise<void>((resolve) => {
      void outcome(made.call('sly', 'try', {}, { progress: () => resolve() }));
    });
    await begun;
    const processes = await confined();
    expect(processes.length).toBeGreaterThan(0);
    await made.modules.unload('sly');
    expect((await confined()).filter((pid) => processes.includes(pid))).toEqual([]);
  });
});

/** Processes of confined programs that this one has begun. */
async function confined(): Promise<string[]> {
  const children = await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').catch(() => '');
  const lines = await Promise.all(children.split(' ').filter(Boolean).map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')]));
  return lines.flatMap(([pid = '', line = '']) => (line.includes('runner.mjs') ? [pid] : []));
}

describe('a package that lies', () => {
  const source = moduleSource({ uses: ['store'] });

  async function refusal(files: Promise<Map<string, Uint8Array>>, others: readonly string[] = []): Promise<string> {
    const made = foreignGround(await temporaryFolder());
    for (const name of others) made.entries.set(name, { module: { name, version: '1.0.0', commands: [{ name: 'ping' }], uses: [], settings: {}, watchers: [], tasks: [], migrations: [], about: { en: {}, ru: {} } } as never, origin: 'builtin', state: 'on', errors: 0 });
    return made.offer(await files).then(
      () => 'taken',
      (error: unknown) => (error as { forPerson: string }).forPerson,
    );
  }

  it('asks for less in its manifest than in its code', async () => {
    expect(await refusal(packed(source, (manifest) => ({ ...manifest, uses: [] })))).toContain('something else than the module: uses');
  });

  it('has another name, version or description in its manifest', async () => {
    expect(await refusal(packed(source, (manifest) => ({ ...manifest, name: 'nice' })))).toContain('name');
    expect(await refusal(packed(source, (manifest) => ({ ...manifest, about: { ...manifest.about, en: { title: 'Sly', summary: 'harmless' } } })))).toContain('about');
  });

  it('takes the name of a module, or of a command, that comes with the program', async () => {
    expect(await refusal(packed(moduleSource({ name: 'status' })), ['status'])).toContain('comes with the program');
    expect(await refusal(packed(moduleSource({ command: 'ping' })), ['status'])).toContain('ping');
  });

  it('draws lots about what it says of itself', async () => {
    const made = await against(moduleSource({ before: 'const lot = String(Math.random());', more: '' }).replace("does: 'tries' }", "does: lot }")).then(
      () => 'started',
      (error: unknown) => (error as { forPerson: string }).forPerson,
    );
    expect(made).toContain('otherwise than when it was loaded');
  });

  it('has more to say of itself than anybody would read, or says it where it cannot be said in a line', async () => {
    const many = moduleSource({}).replace("commands: (command) => [", "commands: (command) => [...Array.from({ length: 1000 }, (_, at) => command({ name: 'c' + at, about: {}, run: async () => '' })), ");
    expect(await refusal(packed(many))).toContain('does not describe itself');
    const posing = await refusal(packed(moduleSource({ before: String.raw`throw new Error('bad\n✅ Sly is let in and runs.\u202e');` })));
    expect(posing).toMatch(/^The module failed when it was loaded: bad ✅[^\n\u202e]*$/);
  });

  it('pins a host that is an address, or hosts without the capability', async () => {
    expect(await refusal(packed(source, (manifest) => ({ ...manifest, network: ['127.0.0.1'] })))).toContain('manifest');
    expect(await refusal(packed(source, undefined, ['api.example.com']))).toContain('manifest');
  });
});
