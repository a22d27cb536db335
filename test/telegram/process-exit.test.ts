import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.js';
import { childProgram } from './support/child-program.js';
import { gatewayFor, startSandbox } from './support/gateway-on-sandbox.js';

/** The library alone would take 30 s more (its download connection's timer). */
const PATIENCE_MS = 2000;

const program = `
import { writeFileSync } from 'node:fs';
import { pino } from 'pino';
import { GramjsGateway } from './telegram/gramjs-gateway.js';
import { Ways } from './telegram/proxy/ways.js';
import { parseTestDataCentres } from './telegram/test-data-centres.js';

const { session, addresses, pem, location, path, how } = JSON.parse(process.argv[2]);
const gateway = new GramjsGateway({
  accountId: 'main', apiId: 1, apiHash: 'hash', session, testDc: parseTestDataCentres(addresses, pem),
  ways: new Ways({ proxies: [], nowMs: () => 0 }), log: pino({ level: 'silent' }), 
  updates: () => ({ onEvent() {}, onNews() {}, onWriting() {}, onWritten() {}, onConnected() {}, async probe() {} }),
});
const never = new AbortController().signal;
await gateway.connect(never);
await gateway.downloadVoice(location, path, 1e6, never);
if (how === 'mid-request') gateway.downloadVoice(location, path, 1e6, never).catch(() => {});
await gateway.disconnect();
console.log(JSON.stringify({ endedAtMs: Date.now() }));
process.on('exit', () => console.log(JSON.stringify({ exitedAtMs: Date.now() })));
`;

it.each(['idle', 'mid-request'])(
  'a process has nothing left that keeps it alive after it disconnected (%s), with downloads from two data centres',
  async (how) => {
    const sandbox = await startSandbox();
    const owner = sandbox.addUser({ firstName: 'Olga' });
    const alice = sandbox.addUser({ firstName: 'Alice' });
    const session = sandbox.stringSession(owner);
    const { gateway, nextMessage } = gatewayFor(sandbox, session);
    await gateway.connect(new AbortController().signal);
    sandbox.send.voice({ from: alice, to: owner, bytes: randomBytes(1000), durationSec: 1, dc: 4 });
    const { chat, messageId, voice: media } = await nextMessage((one) => one.voice !== undefined);
    await gateway.disconnect();
    const path = `${await temporaryFolder()}/voice.ogg`;
    const { testDc: addresses, publicKeyPem: pem } = sandbox;
    const task = { session, addresses, pem, location: { chat, messageId, media }, path, how };
    const child = await childProgram(program, [JSON.stringify(task)]);
    const output = text(child.stdout!);
    await expect(once(child, 'exit')).resolves.toEqual([0, null]);
    const told = Object.assign({}, ...(await output).trim().split('\n').map((line) => JSON.parse(line) as object)) as {
      endedAtMs: number;
      exitedAtMs: number;
    };
    expect(told.exitedAtMs - told.endedAtMs).toBeLessThan(PATIENCE_MS);
    await expect.poll(() => [2, 4].flatMap((dcId) => sandbox.dataCentre(dcId).connections())).toEqual([]);
  },
);
