import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test, type TestContext } from 'vitest';
import { ConfigError, SetupError } from '../../src/errors.js';
import { killOrphans } from '../../src/speech/orphans.js';
import { FolderInUseError, lockDataFolder } from '../../src/store/data-folder-lock.js';
import { RedisServer } from '../../src/store/redis-server.js';
import { Heartbeat } from '../../src/supervisor/heartbeat.js';
import { isSessionString, parseSessionString } from '../../src/telegram/session-string.js';
import { DamagedSessionError, SessionVault } from '../../src/telegram/session-vault.js';
import { anyText, forEvery, NASTY_TEXTS, tried, twoAtATime } from '../support/hostile-inputs.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** A session that is the same every time. */
function someSession(): string {
  const address = Buffer.from('149.154.167.50');
  const key = Buffer.concat([0, 1, 2, 3, 4, 5, 6, 7].map((n) => createHash('sha256').update(String(n)).digest()));
  return `1${Buffer.concat([Buffer.from([2, 0, address.length]), address, Buffer.from([1, 187]), key]).toString('base64')}`;
}

interface Sealed {
  folder: string;
  path: string;
  whole: Buffer;
  load: (bytes: Buffer) => Promise<string | undefined>;
}

async function sealed(passphrase?: string): Promise<Sealed> {
  const folder = join(await temporaryFolder(), 'session');
  await new SessionVault({ folder, passphrase }).store('main', someSession());
  const path = join(folder, 'main.session');
  // Each damage in a folder of its own, so that two can be tried at once.
  let copies = 0;
  const load = async (bytes: Buffer): Promise<string | undefined> => {
    const copy = `${folder}-${(copies += 1)}`;
    await mkdir(copy);
    await writeFile(join(copy, 'main.session'), bytes);
    const key = await readFile(join(folder, 'key')).catch(() => undefined);
    if (key !== undefined) await writeFile(join(copy, 'key'), key);
    return new SessionVault({ folder: copy, passphrase }).load('main');
  };
  return { folder, path, whole: await readFile(path), load };
}

/** Refused as what the owner can put right (status 78), with the file or variable named and nothing of the session in it. */
async function refused(attempt: Promise<unknown>, what: string): Promise<Error> {
  const error: unknown = await attempt.then(
    () => new Error('it was taken'),
    (thrown: unknown) => thrown,
  );
  expect(error instanceof SetupError || error instanceof ConfigError, `${what}: ${String(error)}`).toBe(true);
  expect((error as Error).message, what).toMatch(/session|SESSION_PASSPHRASE/);
  expect((error as Error).message).not.toContain(someSession().slice(10, 30));
  return error as Error;
}

test('a session file that is cut off at any length is refused, and the file is left as it is', async (ctx) => {
  const { whole, load } = await sealed('correct horse');
  // Shorter than its head costs nothing to refuse; beyond it each try costs a tenth of a second, by design.
  const head = Array.from({ length: 50 }, (_, length) => length);
  for (const length of head) {
    tried(ctx);
    expect(await refused(load(whole.subarray(0, length)), `cut at ${length}`)).toBeInstanceOf(DamagedSessionError);
  }
  const beyond = [50, 51, 52, 64, 100, 200, 300, whole.length - 2, whole.length - 1];
  await twoAtATime(beyond, async (length) => {
    tried(ctx);
    await refused(load(whole.subarray(0, length)), `cut at ${length}`);
  });
});

test('flipped bits and bytes that were added to a session file are refused', async (ctx) => {
  const { whole, load } = await sealed();
  const places = [0, 1, 2, 3, 4, 5, 20, 21, 32, 33, 48, 49, 100, whole.length - 1];
  const flips = places.map((at) => ({ at, bytes: Buffer.from(whole.map((byte, index) => (index === at ? byte ^ 0x41 : byte))) }));
  const added = [Buffer.concat([whole, Buffer.alloc(1)]), Buffer.concat([Buffer.alloc(1), whole]), Buffer.concat([whole, whole])];
  await twoAtATime([...flips, ...added.map((bytes, at) => ({ at: -1 - at, bytes }))], async ({ at, bytes }) => {
    tried(ctx);
    await refused(load(bytes), `changed at ${at}`);
  });
});

test('what is no sealed session at all is called damaged, at once', async (ctx) => {
  const { load } = await sealed('x');
  const notSealed = fc.uint8Array({ maxLength: 600 }).filter((bytes) => Buffer.from(bytes).subarray(0, 3).toString('latin1') !== 'GSS');
  await forEvery(ctx, notSealed, 200, async (bytes) => {
    expect(await refused(load(Buffer.from(bytes)), 'random')).toBeInstanceOf(DamagedSessionError);
  });
});

test('a key file that is empty, short, long or a folder, and a session that is a folder, are named', async (ctx) => {
  const { folder, path } = await sealed();
  for (const length of [0, 1, 31, 33, 1000]) {
    tried(ctx);
    await writeFile(join(folder, 'key'), Buffer.alloc(length));
    expect((await refused(new SessionVault({ folder }).load('main'), `key of ${length}`)).message).toContain(join(folder, 'key'));
  }
  for (const place of [join(folder, 'key'), path]) {
    tried(ctx);
    await rm(place);
    await mkdir(place);
    expect((await refused(new SessionVault({ folder }).load('main'), place)).message).toContain(place);
  }
});

test('a wrong passphrase, whatever is in it, opens nothing', async (ctx) => {
  const { folder } = await sealed('correct horse');
  const wrong = ['correct horse ', 'Correct horse', '\u202e', '\ud800', 'x'.repeat(5000)];
  await twoAtATime(wrong, async (passphrase) => {
    tried(ctx);
    expect((await refused(new SessionVault({ folder, passphrase }).load('main'), passphrase)).message).toContain('SESSION_PASSPHRASE');
  });
});

test('a string session that lost its end, its beginning or one of its characters is not taken for one', async (ctx) => {
  const session = someSession();
  for (let length = 0; length < session.length; length += 1) {
    tried(ctx, 2);
    const [start, end] = [session.slice(0, length), session.slice(session.length - length)];
    // One `=` less at the end is still the same bytes.
    if (Buffer.from(start, 'base64').length < Buffer.from(session, 'base64').length) expect(isSessionString(start), start).toBe(false);
    expect(isSessionString(end), end).toBe(false);
  }
  await forEvery(ctx, anyText, 400, (text) => {
    expect(() => parseSessionString(text)).toThrow(ConfigError);
    expect(() => parseSessionString(session.slice(0, 300) + text)).toThrow(ConfigError);
  });
});

async function locksAndReleases(folder: string): Promise<void> {
  const release = await lockDataFolder(folder);
  await expect(lockDataFolder(folder)).rejects.toThrow(FolderInUseError);
  await release();
}

test('whatever stands in the pid file, the folder is taken over unless a living process holds it', async (ctx) => {
  const folder = await temporaryFolder();
  const numbers = ['0', '-1', '-5', '1.5', 'NaN', 'Infinity', '999999999', '99999999999', '1e3', '٣', '0x10', '', ' '];
  const starts = ['alive', 'gone', '', '0', '-1', 'NaN', 'undefined', '12345678901234567890'];
  const contents = [...numbers.flatMap((pid) => starts.map((start) => `${pid} ${start}`)), ...NASTY_TEXTS];
  for (const content of contents) {
    tried(ctx);
    await writeFile(join(folder, 'gramscribe.pid'), content);
    await locksAndReleases(folder);
  }
  await forEvery(ctx, fc.uint8Array({ maxLength: 60 }), 150, async (bytes) => {
    await writeFile(join(folder, 'gramscribe.pid'), bytes);
    await locksAndReleases(folder);
  });
  expect(await readdir(folder)).toEqual([]);
});

test('notes about children that say anything at all are thrown away, and no process of somebody else is killed', async (ctx) => {
  const folder = await temporaryFolder();
  const number = fc.oneof(fc.constantFrom(-1, 0, 1, 2, process.pid, process.ppid, 1e300, NaN), fc.integer());
  const marker = fc.record({ childPid: number, ownerPid: number, token: anyText }, { requiredKeys: [] });
  const content = fc.oneof(marker.map((value) => JSON.stringify(value)), anyText, fc.json());
  await forEvery(ctx, content, 120, async (text) => {
    await writeFile(join(folder, 'engine-x.json'), text);
    expect(await killOrphans(folder)).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });
  tried(ctx);
  await mkdir(join(folder, 'engine-y.json'));
  expect(await killOrphans(folder)).toBe(0);
});

async function beats(ctx: TestContext, spoil: (folder: string) => Promise<void>): Promise<number> {
  tried(ctx);
  const folder = await temporaryFolder();
  await spoil(folder);
  const { log, lines } = recordedLog();
  const heartbeat = new Heartbeat({ folder, everyMs: 1_000_000, state: () => 'connected', port: () => undefined, nowMs: () => 5, log });
  await heartbeat.start();
  await heartbeat.stop();
  return lines.length;
}

test('a health file that cannot be written is a line in the log and nothing more', async (ctx) => {
  expect(await beats(ctx, (folder) => writeFile(join(folder, 'health.json'), '{"state":'))).toBe(0);
  expect(await beats(ctx, (folder) => mkdir(join(folder, 'health.json')).then(() => undefined))).toBeGreaterThan(0);
  expect(await beats(ctx, (folder) => mkdir(join(folder, 'health.json.new')).then(() => undefined))).toBeGreaterThan(0);
  expect(await beats(ctx, (folder) => rm(folder, { recursive: true }))).toBeGreaterThan(0);
});

test('a Redis folder that is a file, or holds files that are not Redis, is named with what to do', async (ctx) => {
  const folder = await temporaryFolder();
  const start = async (dir: string): Promise<unknown> => {
    tried(ctx);
    const server = new RedisServer({ dir, log: silentLog() });
    try {
      return await server.start(AbortSignal.timeout(60_000)).catch((error: unknown) => error);
    } finally {
      await server.stop();
    }
  };
  await writeFile(join(folder, 'file'), '');
  const spoilt = join(folder, 'spoilt');
  await mkdir(join(spoilt, 'appendonlydir'), { recursive: true });
  await writeFile(join(spoilt, 'appendonlydir', 'appendonly.aof.manifest'), 'file nonsense seq x type q\n');
  for (const dir of [join(folder, 'file'), spoilt]) {
    const error = await start(dir);
    expect(error).toBeInstanceOf(SetupError);
    expect((error as SetupError).message + (error as SetupError).remedy).toContain(dir);
  }
  // Redis itself mends a journal whose last command was cut off.
  const cut = join(folder, 'cut');
  expect(await start(cut)).toBeUndefined();
  const [journal = ''] = (await readdir(join(cut, 'appendonlydir'))).filter((name) => name.endsWith('.incr.aof'));
  await writeFile(join(cut, 'appendonlydir', journal), '*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$1\r\ny\r\n*3\r\n$3\r\nSE');
  await chmod(cut, 0o700);
  expect(await start(cut)).toBeUndefined();
});
