import { expect, test } from 'vitest';
import { gatewayFor, startSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;

test('when Telegram last answered a probe is known, moves on with each probe, and outlives the connection', async () => {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga', phone: '79990000001' });
  const { gateway } = gatewayFor(sandbox, sandbox.stringSession(owner), { timeouts: { probeMinMs: 20, probeMaxMs: 40 } });
  const provenAtMs = (): number => performance.now() - (gateway.unprovenForMs ?? Infinity);
  expect(gateway.unprovenForMs).toBeUndefined();
  await gateway.connect(never);
  const firstMs = provenAtMs();
  await expect.poll(provenAtMs).toBeGreaterThan(firstMs + 10);
  await gateway.disconnect();
  const lastMs = provenAtMs();
  await sandbox.faults.connection().refuse(true);
  await expect(gateway.connect(never)).rejects.toThrow();
  expect(provenAtMs()).toBeCloseTo(lastMs, -3);
});
