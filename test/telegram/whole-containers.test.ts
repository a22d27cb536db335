import { expect, test } from 'vitest';
import { gatewayFor, startSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;

test('an answer that is an error does not take the answers with it that come in the same container', async () => {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga' });
  const anna = sandbox.addUser({ firstName: 'Anna', username: 'anna_k' });
  const { gateway } = gatewayFor(sandbox, sandbox.stringSession(owner));
  await gateway.connect(never);
  const asked = Array.from({ length: 30 }, (_, at) => gateway.findPersonByUsername(at % 2 === 0 ? `nobody_${at}` : 'anna_k', never));
  const found = await Promise.all(asked);
  expect(found.map((person) => person?.peer.id)).toEqual(asked.map((_, at) => (at % 2 === 0 ? undefined : anna.id)));
}, 15_000);
