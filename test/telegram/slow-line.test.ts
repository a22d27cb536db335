import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { TcpProxy } from '../../src/sandbox/proxy/tcp-proxy.js';
import { parseTestDataCentres } from '../../src/telegram/test-data-centres.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { gatewayFor, startSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;

/** A gateway with a wire between it and data centre 2; it finds a silent line after a fraction of a second. */
async function onAWire() {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const anna = sandbox.addUser({ firstName: 'Anna' });
  const wire = new TcpProxy(Number(sandbox.testDc.split(',')[0]?.split(':').at(-1)));
  const addresses = `127.0.0.1:${await wire.start()},${sandbox.testDc.split(',')[1] ?? ''}`;
  onTestFinished(() => wire.stop());
  const on = gatewayFor(sandbox, sandbox.stringSession(owner), {
    testDc: parseTestDataCentres(addresses, sandbox.publicKeyPem),
    timeouts: { probeMinMs: 3_600_000, probeMaxMs: 3_600_000, quietMs: 300, pingDeadlineMs: 1000 },
  });
  await on.gateway.connect(never);
  return { sandbox, owner, anna, wire, ...on };
}

it('a line that crawls is not dead: what comes in drop by drop is heard, though the pong is behind it', async () => {
  const { sandbox, owner, anna, wire, gateway, nextMessage } = await onAWire();
  const bytes = randomBytes(60_000);
  sandbox.send.voice({ from: anna, to: owner, bytes, durationSec: 1 });
  const { chat, messageId, voice: media } = await nextMessage((one) => one.voice !== undefined);
  if (media === undefined) throw new Error('a voice has media');
  const path = join(await temporaryFolder(), 'voice.ogg');
  wire.shape({ kind: 'slow', bytesPerSecond: 20_000 }, ['down']);
  await gateway.downloadVoice({ chat, messageId, media }, path, 1e6, never);
  expect((await readFile(path)).equals(bytes)).toBe(true);
  expect(wire.connectionCount).toBe(1);
});

it('a line whose router has forgotten it is dead, and found to be', async () => {
  const { wire, gateway } = await onAWire();
  const lost = expect(gateway.untilLost(never)).rejects.toThrow('nothing was heard from Telegram');
  wire.forget();
  await lost;
  await gateway.connect(never);
  expect(await gateway.ping(never)).toBeGreaterThan(0);
});
