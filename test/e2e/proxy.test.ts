import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { clip, words } from '../support/clips.js';
import { Daemon } from '../support/daemon.js';
import { LoopbackServer } from '../support/loopback-server.js';
import { MtproxyServer } from '../support/mtproxy-server.js';
import { silentLog } from '../support/silent-log.js';
import { Socks5Server } from '../support/socks5-server.js';
import { annaSays, command, onlyAnswerTo, type Ground } from './ground.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const RECORDER = fileURLToPath(new URL('../support/record-dials.mjs', import.meta.url));
const PASSWORD = 'pass:word@';
const SECRET = '0123456789abcdef0123456789abcdef';

const context = {} as Ground;
/** They stand at the addresses of the data centres that the daemon knows; who goes around the proxies comes here. */
const traps = new Map([2, 4].map((dcId) => [dcId, new LoopbackServer((socket) => void socket.resume())]));
let socks: Socks5Server;
let mtproxy: MtproxyServer;
let recordFolder: string;

/** What makes a process of ours go by the proxies, the first of which is dead, and write down where it goes. */
function environment(record: string): Record<string, string> {
  return {
    TELEGRAM_TEST_DC: [...traps].map(([dcId, trap]) => `${dcId}=${trap.address}`).join(','),
    GRAMSCRIBE_PROXY: `socks5://127.0.0.1:1, ${socks.link} ${mtproxy.link()}`,
    NODE_OPTIONS: `--import=${RECORDER}`,
    RECORD_DIALS: join(recordFolder, record),
  };
}

async function recorded(record: string): Promise<Set<string>> {
  return new Set((await readFile(join(recordFolder, record), 'utf8')).trim().split('\n'));
}

function proxyDials(): string[] {
  return ['tcp 127.0.0.1 1', `tcp 127.0.0.1 ${socks.port}`, `tcp 127.0.0.1 ${mtproxy.port}`];
}

beforeAll(async () => {
  const sandbox = await Sandbox.start({ log: silentLog() });
  const owner = sandbox.addUser({ firstName: 'Owner', phone: '+10000000001' });
  const anna = sandbox.addUser({ firstName: 'Anna', username: 'anna_k' });
  const boris = sandbox.addUser({ firstName: 'Boris', username: 'boris_k' });
  for (const trap of traps.values()) await trap.listen();
  const lead = (dcId: number) => ({ host: '127.0.0.1', port: sandbox.portOf(dcId) });
  const byAddress = ({ port }: { port: number }) => lead([...traps].find(([, trap]) => trap.port === port)?.[0] ?? 0);
  socks = new Socks5Server({ credentials: { username: 'user', password: PASSWORD }, lead: byAddress });
  mtproxy = new MtproxyServer({ secret: SECRET, domain: 'www.example.org', lead });
  await socks.listen();
  await mtproxy.listen();
  recordFolder = await mkdtemp(join(tmpdir(), 'gramscribe-dials-'));
  const daemon = await Daemon.for(sandbox, sandbox.stringSession(owner), environment('daemon'));
  Object.assign(context, { sandbox, daemon, owner, anna, boris });
  await daemon.start();
  await command(context, '.track');
});

afterAll(async () => {
  await context.daemon.remove();
  await Promise.all([socks.stop(), mtproxy.stop(), ...[...traps.values()].map((trap) => trap.stop())]);
  await context.sandbox.stop();
  await rm(recordFolder, { recursive: true, force: true });
});

test('a voice from another data centre is answered through the first proxy that lives, and the log says which', async () => {
  const { daemon } = context;
  await daemon.line(['The proxy SOCKS5 127.0.0.1:1 does not lead to Telegram', 'ECONNREFUSED']);
  await daemon.line([`"way":"SOCKS5 ${socks.address}"`, 'Connected to Telegram']);
  expect(words((await onlyAnswerTo(context, annaSays(context, '12-en.ogg', 4))).text)).toBe(clip('12-en.ogg').text);
  expect(await command(context, '.status')).toContain(`SOCKS5 ${socks.address}`);
  expect(mtproxy.accepted).toBe(0);
});

test('when that one dies the next takes its place, and nothing is answered twice', async () => {
  const { daemon } = context;
  await socks.stop();
  await daemon.line([`"way":"MTProxy ${mtproxy.address}"`, 'Connected to Telegram']);
  await onlyAnswerTo(context, annaSays(context, '04-en.ogg', 4));
  expect(new Set(mtproxy.asked)).toEqual(new Set([2, 4]));
});

test('in all that the process dialled and looked up there was nothing but its proxies, its Redis and its engine', async () => {
  const { daemon, sandbox } = context;
  expect(await daemon.end()).toBe(0);
  expect([...traps.values()].map(({ accepted }) => accepted)).toEqual([0, 0]);
  const dials = await recorded('daemon');
  const proxies = proxyDials();
  for (const proxy of proxies) expect(dials).toContain(proxy);
  const others = [...dials].filter((dial) => !proxies.includes(dial) && !dial.startsWith(`unix ${daemon.dataDir}`));
  const around = [...traps.values(), { port: sandbox.portOf(2) }, { port: sandbox.portOf(4) }].map(({ port }) => `tcp 127.0.0.1 ${port}`);
  expect(others.filter((dial) => !/^tcp 127\.0\.0\.1 \d+$/.test(dial) || around.includes(dial))).toEqual([]);
});

test('no secret of a proxy is in anything that was logged', () => {
  const output = context.daemon.output.join('\n');
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), SECRET, 'socks5://', 'tg://']) expect(output).not.toContain(secret);
});

test('the doctor, too, asks nobody but the proxies, not even for the time', async () => {
  const keyFile = join(recordFolder, 'dc.pem');
  await writeFile(keyFile, context.sandbox.publicKeyPem);
  const { PATH, HOME, XDG_CACHE_HOME } = process.env;
  const inherited = { PATH, HOME, ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }) };
  const own = { TELEGRAM_TEST_DC_KEY: keyFile, GRAMSCRIBE_DATA: join(recordFolder, 'data'), GRAMSCRIBE_LANG: 'en' };
  await socks.listen();
  const child = spawn(process.execPath, [MAIN, 'doctor'], { env: { ...inherited, ...environment('doctor'), ...own }, cwd: recordFolder });
  const said = await text(child.stdout);
  expect(said).toContain(`SOCKS5 127.0.0.1:1 does not lead to Telegram`);
  expect(said).toContain(`SOCKS5 ${socks.address} leads to Telegram`);
  expect(said).toContain(`MTProxy ${mtproxy.address} leads to Telegram`);
  expect(said).toMatch(/Clock +right to the second|Clock +1 s/);
  const dials = [...(await recorded('doctor'))].filter((dial) => !dial.startsWith(`unix ${own.GRAMSCRIBE_DATA}`));
  expect(dials.sort()).toEqual(proxyDials().sort());
  expect([...traps.values()].map(({ accepted }) => accepted)).toEqual([0, 0]);
});
