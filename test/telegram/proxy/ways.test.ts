import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { UnreachableError } from '../../../src/errors.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { GatewayTimeouts } from '../../../src/telegram/connection-cycle.js';
import { reachDataCentre } from '../../../src/telegram/reach-data-centre.js';
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
async function downloadFromElsewhere({ sandbox }: Walled, { gateway, nextMessage }: GatewayOnSandbox): Promise<void> {
  const [alice, owner] = [sandbox.addUser({ firstName: 'Alice' }), gateway.self.peer.id];
  const bytes = randomBytes(300_000);
  sandbox.send.voice({ from: alice, to: { id: owner }, bytes, durationSec: 3, dc: 4 });
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
