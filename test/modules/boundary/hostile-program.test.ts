import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConfinedProgram } from '../../../src/modules/boundary/confined-program.js';
import { type ConfinedProgramOptions, startConfinedProgram } from '../../../src/modules/boundary/start-confined-program.js';

const MIB = 1024 ** 2;
const forever = new AbortController().signal;
const running: ConfinedProgram[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
});

async function start(source: string, options: Partial<ConfinedProgramOptions> = {}): Promise<ConfinedProgram> {
  const program = await startConfinedProgram(
    {
      modules: { 'main.js': source },
      entry: 'main.js',
      limits: { memoryBytes: 32 * MIB, callMs: 5000, outputBytes: 64 * 1024 },
      hostCall: (_name, input) => Promise.resolve(input),
      log: () => undefined,
      ...options,
    },
    forever,
  );
  running.push(program);
  return program;
}

const evaluate = 'export const run = async (code) => (await host.evaluate(code, "code.js")).value;';

describe('a hostile program', () => {
  it('finds nothing in its world but the language, its console, its timers and the host', async () => {
    const program = await start(evaluate);
    const absent = ['process', 'require', 'module', 'Buffer', 'fetch', 'XMLHttpRequest', 'WebSocket', 'WebAssembly', 'Worker', 'Deno', 'std', 'os', 'bjson', 'performance', 'global', 'window', 'navigator', 'scriptArgs', 'print', 'load', 'read'];
    for (const name of absent) expect(await program.call('run', `typeof ${name}`, forever), name).toBe('undefined');
    const escapes = [
      `this.constructor.constructor('return typeof process')()`,
      `host.call.constructor('return typeof process')()`,
      `setTimeout.constructor.constructor('return typeof require')()`,
      `(async () => {}).constructor('return typeof process')()`,
      `console.log.constructor('return this.process')() === undefined ? 'undefined' : 'found'`,
      `try { null.x } catch (error) { error.constructor.constructor('return typeof process')() }`,
      `typeof Error.prepareStackTrace`,
      `Object.getOwnPropertyNames(host).sort().join() === 'call,evaluate,inspect' ? 'undefined' : 'more'`,
    ];
    for (const code of escapes) expect(await program.call('run', code, forever), code).toBe('undefined');
    for (const name of ['fs', 'node:fs', 'os', 'std', 'child_process', '../../../etc/passwd', '/proc/self/environ', 'file:///etc/passwd', 'https://example.org/x.js', 'data:text/javascript,1', 'prelude.js']) {
      await expect(program.call('run', `await import(${JSON.stringify(name)})`, forever), name).rejects.toMatchObject({ reason: 'threw' });
    }
    await expect(start(`import fs from 'node:fs'; export const run = () => 1;`)).rejects.toMatchObject({ reason: 'threw' });
  });

  it('spoils its own world only: what goes in and out stays data', async () => {
    const asked: unknown[] = [];
    const source = `
      JSON.parse = () => { throw 1 }; JSON.stringify = () => 'forged'; Promise.prototype.then = null; Map.prototype.get = () => null;
      Object.prototype.toJSON = undefined; Array.prototype.push = null; Function.prototype.call = null; globalThis.Promise = null;
      try { host.call = null } catch {} try { globalThis.host = null } catch {}
      export const run = async (input) => ({ input, again: await host.call('x', JSON.parse === undefined ? 0 : { ['__proto__']: { polluted: 1 }, constructor: { prototype: { polluted: 1 } } }) });
      export const then = 1;`;
    const program = await start(source, {
      hostCall: (_name, input) => {
        asked.push(input);
        return Promise.resolve(['answer']);
      },
    });
    expect(await program.call('run', { a: 'ы' }, forever)).toEqual({ input: { a: 'ы' }, again: ['answer'] });
    expect(Object.keys(asked[0] as object)).toEqual(['constructor']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('throws what it likes and is told in bounded words', async () => {
    const program = await start(`
      export const getters = () => { throw Object.defineProperties(new Error(), { message: { get() { throw 1 } }, stack: { get() { throw 2 } } }) };
      export const long = () => { throw new Error('x'.repeat(1e6)) };
      export const nothing = () => { throw undefined };
      export const proxy = () => { throw new Proxy({}, { get() { throw 1 }, ownKeys() { throw 2 }, getPrototypeOf() { throw 3 } }) };
      export const hostileJson = () => ({ toJSON() { throw new Error('no') } });
      export const circular = () => { const a = {}; a.a = a; return a };
      export const big = () => 'x'.repeat(1e6);
      export const huge = () => 2n ** 64n;
      export const symbol = () => Symbol('x');
      export const never = () => new Promise(() => {});
      export const thenable = () => ({ then() {} });`);
    for (const name of program.exports.filter((name) => name !== 'symbol')) {
      const error: unknown = await program.call(name, null, forever).catch((thrown: unknown) => thrown);
      expect(error, name).toMatchObject({ reason: 'threw' });
      expect(JSON.stringify((error as { thrown: unknown }).thrown).length, name).toBeLessThan(10_000);
    }
    expect(await program.call('symbol', null, forever)).toBeNull();
  });

  it.each([
    ['a loop', 'for (;;);', 'time'],
    ['a loop that catches everything', 'for (;;) try { for (;;); } catch {} finally { for (;;); }', 'time'],
    ['promises without end', 'const again = () => { Promise.resolve().then(again) }; again(); await new Promise(() => {})', 'time'],
    ['timers without end', 'for (;;) { for (let i = 0; i < 1e5; i += 1); await new Promise((done) => setTimeout(done)) }', 'time'],
    ['host calls without end', 'for (;;) { for (let i = 0; i < 1e6; i += 1); await host.call("x") }', 'time'],
    ['a regular expression', '/^(a+)+$/.test("a".repeat(60) + "b")', 'time'],
    ['a loop in a getter of what it throws', 'throw { get message() { for (;;); }, toString() { for (;;); }, get a() { for (;;); } }', 'time'],
    ['strings without end', 'const all = []; for (;;) all.push("x".repeat(1e6) + all.length)', 'memory'],
    ['buffers without end', 'const all = []; for (;;) all.push(new Uint8Array(1e6))', 'memory'],
    ['one large buffer', 'try { new ArrayBuffer(1e9) } catch {} 1', 'memory'],
    ['host calls at once', 'for (;;) { const all = []; for (let i = 0; i < 50; i += 1) all.push(host.call("x")); await Promise.all(all) }', 'flood'],
  ])('is ended by %s', async (_what, code, reason) => {
    const ends: string[] = [];
    const limits = { memoryBytes: 32 * MIB, callMs: reason === 'time' ? 600 : 20_000, outputBytes: 64 * 1024 };
    const program = await start(evaluate, { limits, onTrouble: (end) => ends.push(end) });
    await expect(program.call('run', code, forever)).rejects.toMatchObject({ reason });
    expect(await program.ended).toBe(reason);
    expect(ends).toEqual([reason]);
    expect(isAlive(program.pid)).toBe(false);
    await expect(program.call('run', '1', forever)).rejects.toMatchObject({ reason });
  });

  it('overflows what the language itself bounds and goes on, or is ended, and nothing else', async () => {
    const codes = ['(function f() { f() })()', 'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; JSON.stringify(a)', 'JSON.parse("[".repeat(1e5))', 'eval("(".repeat(1e5))', 'let a = []; for (let i = 0; i < 1e5; i += 1) a = [a]; a.flat(Infinity)', 'let all = "x"; for (;;) all += all'];
    for (const code of codes) {
      const program = await start(evaluate);
      await expect(program.call('run', code, forever), code).rejects.toMatchObject({ name: 'ConfinementError' });
    }
  });

  it('is killed where it hangs in code that looks at no clock', async () => {
    const program = await start(evaluate, { limits: { memoryBytes: 32 * MIB, callMs: 500, outputBytes: 1000 }, graceMs: 3000 });
    await expect(program.call('run', 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)', forever)).rejects.toMatchObject({ reason: 'time' });
    await program.ended;
    expect(isAlive(program.pid)).toBe(false);
  });

  it('has an empty environment, an empty folder, no descriptor of the daemon, and a second wall around its process', async () => {
    const program = await start(evaluate);
    const proc = `/proc/${program.pid}`;
    expect(await readFile(`${proc}/environ`, 'utf8')).toBe('');
    expect(await readdir(`${proc}/cwd/`)).toEqual([]);
    expect(await readlink(`${proc}/cwd`)).toMatch(/gramscribe-confined-\w+ \(deleted\)$/);
    const command = await readFile(`${proc}/cmdline`, 'utf8');
    expect(command).toMatch(/--(experimental-)?permission/);
    const links = await Promise.all((await readdir(`${proc}/fd`)).map((fd) => readlink(`${proc}/fd/${fd}`).catch(() => 'gone')));
    // What Node itself opens, and the pipes.
    expect(links.filter((link) => !/^(pipe|socket|anon_inode|\/dev\/null|gone)/.test(link))).toEqual([]);
    expect(links.filter((link) => link.startsWith('socket')).length).toBeLessThanOrEqual(3);
  });

  it('writes to its console within bounds', async () => {
    const lines: string[] = [];
    const program = await start(evaluate, { log: (_level, text) => lines.push(text) });
    await program.call('run', 'for (let i = 0; i < 3000; i += 1) console.log("x".repeat(100)); console.log("y".repeat(1e6)); 1', forever);
    expect(lines.join('\n').length).toBeLessThan(66_000);
    expect(lines.at(-1)).toBe('…');
  });

  it.each(['await program.call("rest", null, forever)', 'void program.call("spin", null, forever)'])('ends with a daemon that is killed (%s)', async (doing) => {
    const boundary = new URL('../../../dist/modules/boundary/start-confined-program.js', import.meta.url);
    const source = `export const rest = () => 1; export const spin = () => { for (;;); };`;
    const script = `
      import { startConfinedProgram } from ${JSON.stringify(fileURLToPath(boundary))};
      const forever = new AbortController().signal;
      const limits = { memoryBytes: ${64 * MIB}, callMs: 600_000, outputBytes: 1000 };
      const program = await startConfinedProgram({ modules: { m: ${JSON.stringify(source)} }, entry: 'm', limits, hostCall: async () => 1, log() {} }, forever);
      ${doing};
      console.log(program.pid);
      setInterval(() => {}, 1000);`;
    const daemon = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(daemon.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    expect(isAlive(pid)).toBe(true);
    daemon.kill('SIGKILL');
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

/** A process that is dead but not yet asked for its status counts as gone. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
