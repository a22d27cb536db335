import { afterEach, describe, expect, it } from 'vitest';
import { ConfinementError } from '../../../src/modules/boundary/confinement-error.js';
import type { ConfinedProgram, HostCall } from '../../../src/modules/boundary/confined-program.js';
import { startConfinedProgram, type ConfinedProgramOptions } from '../../../src/modules/boundary/start-confined-program.js';
import { CommandRefusal } from '../../../src/modules/contract/command-refusal.js';

const MIB = 1024 ** 2;
const forever = new AbortController().signal;
const running: ConfinedProgram[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
});

async function start(source: string, options: Partial<ConfinedProgramOptions> = {}): Promise<ConfinedProgram & { lines: string[] }> {
  const lines: string[] = [];
  const program = await startConfinedProgram(
    {
      modules: { 'main.js': source },
      entry: 'main.js',
      limits: { memoryBytes: 64 * MIB, callMs: 2000, outputBytes: 64 * 1024 },
      hostCall: () => Promise.resolve(null),
      log: (level, text) => lines.push(`${level} ${text}`),
      ...options,
    },
    forever,
  );
  running.push(program);
  return Object.assign(program, { lines });
}

/** What the code comes to, as JSON: `export const run = async (input) => …`. */
async function outcomeOf(code: string, input: unknown = null): Promise<unknown> {
  const program = await start(`export async function run(input) { ${code} }`);
  return program.call('run', input, forever);
}

describe('a confined program', () => {
  it('answers with JSON, may import its own files, and says what it says on the console in order', async () => {
    const files = {
      'main.js': `import { twice } from './lib/twice.js'; console.log('begun', { a: [1, 'x'], m: new Map([[1, 2]]) });
       export async function run({ n }) { console.warn('before'); await null; return { n: twice(n), absent: undefined }; }
       export const constant = 1;`,
      'lib/twice.js': `import { two } from '../two.js'; import { name } from 'bare'; export const twice = (n) => name + n * two;`,
      'two.js': 'export const two = 2;',
      bare: `export const name = 'n';`,
    };
    const program = await start('', { modules: files });
    expect(program.exports).toEqual(expect.arrayContaining(['run', 'constant']));
    expect(await program.call('run', { n: 21 }, forever)).toEqual({ n: 'n42' });
    expect(program.lines).toEqual([`info begun { a: [1, "x"], m: Map { 1 => 2 } }`, 'warn before']);
  });

  it('calls the host, several times at once, and is told of a refusal but not of a failure', async () => {
    const hostCall: HostCall = (name, input) => {
      if (name === 'refuse') return Promise.reject(new CommandRefusal('not today'));
      if (name === 'break') return Promise.reject(new Error('the secret path /data/session'));
      return Promise.resolve({ name, input });
    };
    const program = await start(
      `const told = async (name) => { try { return await host.call(name, 1) } catch (error) { return error.name + ': ' + error.message } };
       export const run = () => Promise.all(['a', 'refuse', 'break'].map(told));
       export const later = async () => { await new Promise((done) => setTimeout(done, 1)); return 'later' };`,
      { hostCall },
    );
    const both = await Promise.all([program.call('run', null, forever), program.call('later', null, forever)]);
    expect(both).toEqual([[{ name: 'a', input: 1 }, 'CommandRefusal: not today', 'Error: the host could not do it'], 'later']);
  });

  it('tells what was thrown and where, and goes on', async () => {
    const program = await start(`export function run() {\n  return null.x;\n}\nexport const good = () => 1;`);
    const error: unknown = await program.call('run', null, forever).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfinementError);
    expect((error as ConfinementError).thrown).toMatchObject({ name: 'TypeError', stack: expect.stringContaining('main.js:2:') as string });
    expect(await program.call('good', null, forever)).toBe(1);
    await expect(program.call('absent', null, forever)).rejects.toMatchObject({ reason: 'threw' });
    await expect(start('export const a = ;')).rejects.toMatchObject({ reason: 'threw', thrown: { name: 'SyntaxError' } });
  });

  it('evaluates a script with await at its top, whose value is that of its last expression', async () => {
    const code = `const x = await Promise.resolve(20);\\nx * 2 + 2`;
    expect(await outcomeOf(`return (await host.evaluate("${code}", 'code.js')).value`)).toBe(42);
    const bad = await start(`export const run = () => host.evaluate("1;\\n  boom()", 'code.js')`);
    await expect(bad.call('run', null, forever)).rejects.toMatchObject({ thrown: { name: 'ReferenceError', stack: expect.stringContaining('code.js:2:') as string } });
  });

  it('is gone after a stop, as often as that is called, and what waits for it is told so', async () => {
    const program = await start(`export const wait = () => host.call('never'); export const deaf = () => 1;`, { hostCall: () => new Promise(() => undefined) });
    const waiting = program.call('wait', null, forever);
    const givenUp = program.call('wait', null, AbortSignal.abort(new Error('enough')));
    await expect(givenUp).rejects.toThrow('enough');
    expect(await program.residentBytes()).toBeGreaterThan(MIB);
    const refused = expect(waiting).rejects.toMatchObject({ reason: 'stopped' });
    await Promise.all([program.stop(), program.stop()]);
    await refused;
    expect(await program.ended).toBe('stopped');
    expect(await program.residentBytes()).toBeUndefined();
    await expect(program.call('deaf', null, forever)).rejects.toMatchObject({ reason: 'stopped' });
  });
});
