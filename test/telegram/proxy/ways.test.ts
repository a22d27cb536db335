import { createHash, randomBytes } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import { inspect } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { errorText, UnreachableError } from '../../../src/errors.js';
import { generateRsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import type { SandboxUser } from '../../../src/sandbox/control/views.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { GatewayTimeouts } from '../../../src/telegram/connection-cycle.js';
import { reachDataCentre } from '../../../src/telegram/reach-data-centre.js';
import { SignIn } from '../../../src/telegram/sign-in.js';
import { parseTestDataCentres, type TestDataCentres } from '../../../src/telegram/test-data-centres.js';
import { LoopbackServer } from '../../support/loopback-server.js';
import { mtproxyServer, type MtproxyServer } from '../../support/mtproxy-server.js';
import { recordedLog, silentLog } from '../../support/silent-log.js';
import { socks5Server, type Socks5Server } from '../../support/socks5-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waysBy } from '../../support/ways.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from '../support/gateway-on-sandbox.js';

const never = new AbortController().signal;
const SECRET = '0123456789abcdef0123456789abcdef';
const DOMAIN = 'www.example.org';

/**
 * A Telegram that is behind proxies alone. The addresses that the client knows of lead to traps: whoever goes there has
 * gone around the proxies.
 */
interface Walled {
  sandbox: Sandbox;
  owner: SandboxUser;
  session: string;
  testDc: TestDataCentres;
  /** How many connections went around the proxies. */
  strays: () => number;
  /** The data centre behind an address that the client knows. */
  lead: (known: { port: number } | number) => { host: string; port: number };
}

async function walled({ host = '127.0.0.1' } = {}): Promise<Walled> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga', phone: '79990000001' });
  const traps = new Map<number, LoopbackServer>();
  for (const dcId of [2, 4]) {
    const trap = new LoopbackServer((socket) => void socket.resume(), host);
    await trap.listen();
    onTestFinished(() => trap.stop());
    traps.set(dcId, trap);
  }
  const dcIdOf = (port: number): number => [...traps].find(([, trap]) => trap.port === port)?.[0] ?? 0;
  const addresses = [...traps].map(([dcId, trap]) => `${dcId}=${trap.address}`).join(',');
  return {
    sandbox,
    owner,
    session: sandbox.stringSession(owner),
    testDc: parseTestDataCentres(addresses, sandbox.publicKeyPem),
    strays: () => [...traps.values()].reduce((sum, trap) => sum + trap.accepted, 0),
    lead: (known) => ({ host: '127.0.0.1', port: sandbox.portOf(typeof known === 'number' ? known : dcIdOf(known.port)) }),
  };
}

interface Behind extends GatewayOnSandbox {
  nameInUse: () => string | undefined;
  /** Every line that was logged, as text. */
  logged: () => string;
}

function behind(
  { sandbox, session, testDc }: Walled,
  links: readonly string[],
  options: { timeouts?: Partial<GatewayTimeouts>; nowMs?: () => number } = {},
): Behind {
  const { log, lines } = recordedLog();
  const ways = waysBy(links, { log, ...(options.nowMs && { nowMs: options.nowMs }) });
  const { timeouts } = options;
  const gateway = gatewayFor(sandbox, session, { ways, testDc, log, ...(timeouts && { timeouts }) });
  return { ...gateway, nameInUse: () => ways.nameInUse, logged: () => JSON.stringify(lines) };
}

/** Has Alice send a voice that lies in data centre 4, and downloads it. */
async function downloadFromElsewhere({ sandbox, owner }: Walled, { gateway, nextMessage }: GatewayOnSandbox): Promise<void> {
  const alice = sandbox.addUser({ firstName: 'Alice' });
  const bytes = randomBytes(300_000);
  sandbox.send.voice({ from: alice, to: owner, bytes, durationSec: 3, dc: 4 });
  const { chat, messageId, voice } = await nextMessage((message) => message.voice !== undefined);
  const path = `${await temporaryFolder()}/voice.ogg`;
  await gateway.downloadVoice({ chat, messageId, media: voice! }, path, 1e6, never);
}

type AnyProxy = { link: string; asked: () => number[]; cut: () => void };

async function proxyOf(kind: string, wall: Walled): Promise<AnyProxy> {
  if (kind.startsWith('SOCKS5')) {
    const credentials = kind === 'SOCKS5 with a password' ? { username: 'user', password: 'päss:w@rd' } : undefined;
    const server: Socks5Server = await socks5Server({ lead: wall.lead, ...(credentials && { credentials }) });
    const dcIdOf = ({ port }: { port: number }): number => (wall.lead({ port }).port === wall.sandbox.portOf(4) ? 4 : 2);
    return { link: server.link, asked: () => server.asked.map(dcIdOf), cut: () => server.cut() };
  }
  const domain = kind === 'MTProxy with fake TLS' ? DOMAIN : undefined;
  const server: MtproxyServer = await mtproxyServer({ secret: SECRET, lead: wall.lead, ...(domain && { domain }) });
  const link = kind === 'MTProxy' ? server.link().replace('=dd', '=') : server.link();
  return { link, asked: () => server.asked, cut: () => server.cut() };
}

describe.each(['SOCKS5', 'SOCKS5 with a password', 'MTProxy', 'MTProxy with padding', 'MTProxy with fake TLS'])('through %s', (kind) => {
  it('a session works: requests, updates, a file from another data centre, and again after a cut; nothing goes around', async () => {
    const wall = await walled();
    const proxy = await proxyOf(kind, wall);
    const { gateway, ...rest } = behind(wall, [proxy.link]);
    await gateway.connect(never);
    await downloadFromElsewhere(wall, { gateway, ...rest });
    expect(new Set(proxy.asked())).toEqual(new Set([2, 4]));
    const lost = expect(gateway.untilLost(never)).rejects.toThrow('closed');
    proxy.cut();
    await lost;
    await gateway.connect(never);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
    expect(wall.strays()).toBe(0);
  });
});

describe('several proxies', () => {
  const dead = 'socks5://127.0.0.1:1';

  it('a dead one is passed over, said once, and tried again when it has rested', async () => {
    let nowMs = 0;
    const wall = await walled();
    const preferred = await socks5Server({ lead: wall.lead });
    await preferred.stop();
    const second = await mtproxyServer({ secret: SECRET, lead: wall.lead });
    const { gateway, nameInUse, logged } = behind(wall, [preferred.link, second.link()], { nowMs: () => nowMs });
    await gateway.connect(never);
    expect(nameInUse()).toBe(`MTProxy ${second.address}`);
    await preferred.listen();
    nowMs = 29_999;
    await gateway.connect(never);
    expect(preferred.accepted).toBe(0);
    expect(logged().split('does not lead to Telegram')).toHaveLength(2);
    nowMs = 30_000;
    await gateway.connect(never);
    expect(nameInUse()).toBe(`SOCKS5 ${preferred.address}`);
    expect(wall.strays()).toBe(0);
  });

  it('one that accepts and says nothing costs one dial, and the next is taken within the same connection', async () => {
    const wall = await walled();
    const mute = await socks5Server({ mood: 'mute' });
    const good = await socks5Server({ lead: wall.lead });
    const { gateway, nameInUse, logged } = behind(wall, [mute.link, good.link], { timeouts: { dialMs: 1500 } });
    await gateway.connect(never);
    expect(nameInUse()).toBe(`SOCKS5 ${good.address}`);
    expect(logged()).toContain(`The proxy SOCKS5 ${mute.address} does not lead to Telegram: no answer to a dial within 1500 ms`);
  });

  it('an MTProxy behind which nobody answers is found out by the deadline of the connection', async () => {
    const wall = await walled();
    const mute = await mtproxyServer({ secret: SECRET, lead: wall.lead, mute: true });
    const good = await socks5Server({ lead: wall.lead });
    const { gateway, nameInUse } = behind(wall, [mute.link(), good.link], { timeouts: { connectMs: 3000 } });
    await expect(gateway.connect(never)).rejects.toThrow('no answer to connecting within 3000 ms');
    await gateway.connect(never);
    expect(nameInUse()).toBe(`SOCKS5 ${good.address}`);
    expect(wall.strays()).toBe(0);
  });

  it('one whose way to Telegram is cut after it had been dialled is not taken again at once', async () => {
    const wall = await walled();
    const hangsUp = await mtproxyServer({ secret: SECRET.replace('0', 'f'), lead: wall.lead });
    const wrongSecret = `tg://proxy?server=127.0.0.1&port=${hangsUp.port}&secret=${SECRET}`;
    const good = await mtproxyServer({ secret: SECRET, lead: wall.lead });
    const { gateway, nameInUse } = behind(wall, [wrongSecret, good.link()]);
    await expect(gateway.connect(never)).rejects.toThrow('closed');
    await gateway.connect(never);
    expect(nameInUse()).toBe(`MTProxy ${good.address}`);
  });

  it('where none of them works Telegram is out of reach, and nothing is dialled directly', async () => {
    const wall = await walled();
    const refusing = await socks5Server({ mood: 'refuse' });
    const { gateway, nameInUse } = behind(wall, [dead, refusing.link]);
    await expect(gateway.connect(never)).rejects.toThrow(UnreachableError);
    const again = await gateway.connect(never).catch((thrown: unknown) => thrown);
    expect(errorText(again)).toBe('no proxy leads to Telegram: Socks5 proxy rejected connection - HostUnreachable');
    expect(nameInUse()).toBeUndefined();
    expect(refusing.asked).toHaveLength(2);
    expect(wall.strays()).toBe(0);
  });

  it('an answer that is an error of the account is no fault of the proxy', async () => {
    const wall = await walled();
    const proxy = await socks5Server({ lead: wall.lead });
    const { gateway, logged } = behind(wall, [proxy.link, dead]);
    wall.sandbox.faults.revokeSessions(wall.owner.id, 'SESSION_REVOKED');
    await expect(gateway.connect(never)).rejects.toMatchObject({ code: 'SESSION_REVOKED' });
    expect(logged()).not.toContain('does not lead');
  });
});

describe('secrets', () => {
  it('a wrong password is said, and is in no log line and no error', async () => {
    const wall = await walled();
    const proxy = await socks5Server({ credentials: { username: 'user', password: 'right' }, lead: wall.lead });
    const { gateway, logged } = behind(wall, [proxy.link.replace('right', 'hunter2')]);
    const error = await gateway.connect(never).catch((thrown: unknown) => thrown);
    expect(errorText(error)).toContain('Socks5 Authentication failed');
    expect(logged()).toContain(`The proxy SOCKS5 ${proxy.address} does not lead to Telegram: Socks5 Authentication failed`);
    expect(inspect(error, { depth: 9, showHidden: true }) + logged()).not.toMatch(/hunter2|user\b/);
  });

  it('a wrong secret of fake TLS is told from a dead proxy, and is in no log line and no error', async () => {
    const wall = await walled();
    const proxy = await mtproxyServer({ secret: SECRET, domain: DOMAIN, lead: wall.lead });
    const wrong = SECRET.replace('0', 'f');
    const { gateway, logged } = behind(wall, [proxy.link().replace(SECRET, wrong)]);
    const error = await gateway.connect(never).catch((thrown: unknown) => thrown);
    expect(errorText(error)).toContain('the secret of its link is wrong');
    expect(inspect(error, { depth: 9 }) + logged()).not.toContain(wrong);
    expect(proxy.domains).toEqual([DOMAIN]);
  });
});

describe('everything goes through the proxy', () => {
  it('to addresses of IPv6 too', async (context) => {
    const hasIpv6 = Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === '::1'));
    if (!hasIpv6) return context.skip('this machine has no IPv6');
    const wall = await walled({ host: '::1' });
    const proxy = await socks5Server({ lead: wall.lead });
    const { gateway, ...rest } = behind(wall, [proxy.link]);
    await gateway.connect(never);
    await downloadFromElsewhere(wall, { gateway, ...rest });
    expect(new Set(proxy.asked.map(({ host }) => host))).toEqual(new Set(['0:0:0:0:0:0:0:1']));
    expect(wall.strays()).toBe(0);
  });

  it('a sign-in, also when Telegram sends it to another data centre', async () => {
    const wall = await walled();
    const proxy = await mtproxyServer({ secret: SECRET, domain: DOMAIN, lead: wall.lead });
    const app = { apiId: 1, apiHash: 'hash', testDc: wall.testDc, ways: waysBy([proxy.link('base64url')]) };
    const signIn = new SignIn({ app, log: silentLog() });
    onTestFinished(() => signIn.stop());
    await signIn.start(never);
    wall.sandbox.faults.failNext('auth.sendCode', { code: 303, message: 'PHONE_MIGRATE_4' });
    expect(await signIn.requestCode('79990000001', never)).toMatchObject({ status: 'sent' });
    expect(await signIn.submitCode(wall.sandbox.codeFor('79990000001') ?? '', never)).toMatchObject({ status: 'signed-in' });
    expect(new Set(proxy.asked)).toEqual(new Set([2, 4]));
    expect(wall.strays()).toBe(0);
  });

  it('the question whether Telegram is there; a proxy that leads nowhere is not there', async () => {
    const wall = await walled();
    const proxy = await mtproxyServer({ secret: SECRET, lead: wall.lead });
    const app = { testDc: wall.testDc, ways: waysBy([proxy.link()]) };
    const reach = (deadlineMs: number): Promise<unknown> => reachDataCentre({ app, session: '', deadlineMs, log: silentLog() }, never);
    await reach(30_000);
    proxy.mute = true;
    await expect(reach(500)).rejects.toThrow('no answer to a first word within 500 ms');
    expect(wall.strays()).toBe(0);
  });

  it('and a dial that is given up in the middle leaves no connection to it', async () => {
    const wall = await walled();
    const mute = await socks5Server({ mood: 'mute' });
    const { gateway, logged } = behind(wall, [mute.link]);
    const connecting = expect(gateway.connect(never)).rejects.toThrow('was ended');
    await expect.poll(() => mute.open).toBe(1);
    await gateway.disconnect();
    await connecting;
    await expect.poll(() => mute.open).toBe(0);
    // That was our doing, and no fault of the proxy.
    expect(logged()).not.toContain('does not lead');
  });
});

describe('who is not Telegram', () => {
  const answers: [string, Buffer][] = [
    ['a captive portal', Buffer.from('HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n')],
    ['a TLS alert', Buffer.from('15030300020228', 'hex')],
    ['zeros', Buffer.alloc(4096)],
    ['ones', Buffer.alloc(4096, 0xff)],
    ['a length of 2 GiB', Buffer.from('ffffff7f00000000', 'hex')],
    ['a length of 16 MiB', Buffer.from('0000000100000000', 'hex')],
    ['a ServerHello that promises more than there is', Buffer.from('160303ffff0200', 'hex')],
    ['a SOCKS5 answer of another version', Buffer.from('0400000000', 'hex')],
    ...Array.from({ length: 8 }, (_, seed): [string, Buffer] => [`noise ${seed}`, createHash('shake256', { outputLength: 600 }).update(`${seed}`).digest()]),
  ];

  const { publicKeyPem } = generateRsaKeyPair();

  it.each(answers)('%s is refused on every way, and the process goes on', async (_name, answer) => {
    const impostor = new LoopbackServer((socket) => {
      socket.resume().write(answer);
      setImmediate(() => socket.end());
    });
    await impostor.listen();
    onTestFinished(() => impostor.stop());
    const testDc = parseTestDataCentres(impostor.address, publicKeyPem);
    const proxies = [
      [],
      [`socks5://${impostor.address}`],
      [(await socks5Server()).link],
      [`tg://proxy?server=127.0.0.1&port=${impostor.port}&secret=${SECRET}`],
      [`tg://proxy?server=127.0.0.1&port=${impostor.port}&secret=ee${SECRET}${Buffer.from(DOMAIN).toString('hex')}`],
    ];
    for (const links of proxies) {
      const app = { testDc, ways: waysBy(links) };
      await expect(reachDataCentre({ app, session: '', deadlineMs: 5000, log: silentLog() }, never)).rejects.toThrow();
    }
    expect(impostor.accepted).toBe(proxies.length);
  });
});

it('a client without proxies runs into the traps: they catch who goes around', async () => {
  const wall = await walled();
  const app = { testDc: wall.testDc, ways: waysBy([]) };
  await expect(reachDataCentre({ app, session: '', deadlineMs: 300, log: silentLog() }, never)).rejects.toThrow('no answer');
  expect(wall.strays()).toBe(1);
});
