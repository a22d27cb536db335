import { onTestFinished } from 'vitest';
import type { Logger } from '../../../src/log/logger.js';
import { Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.js';
import type { IncomingMessage } from '../../../src/telegram/incoming-message.js';
import { GramjsGateway, type GramjsGatewayOptions } from '../../../src/telegram/gramjs-gateway.js';
import { parseTestDataCentres } from '../../../src/telegram/test-data-centres.js';
import { silentLog } from '../../support/silent-log.js';
import { waysBy } from '../../support/ways.js';
import { updatesTo } from './updates-to.js';

/** A sandbox that is stopped when the test is over. */
export async function startSandbox(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await Sandbox.start({ log: silentLog(), ...options });
  onTestFinished(() => sandbox.stop());
  return sandbox;
}

export interface GatewayOnSandbox {
  gateway: GramjsGateway;
  /** Every message that arrived. */
  received: IncomingMessage[];
  /** The first message, come or yet to come, that the predicate is true of. */
  nextMessage: (predicate: (message: IncomingMessage) => boolean) => Promise<IncomingMessage>;
}

/** A gateway of one of the sandbox's users, not yet connected; it is disconnected when the test is over. */
export function gatewayFor(
  sandbox: Sandbox,
  session: string,
  options: Partial<GramjsGatewayOptions> & { log?: Logger } = {},
): GatewayOnSandbox {
  const received: IncomingMessage[] = [];
  const waiting = new Set<() => void>();
  const updates = updatesTo(
    (message) => {
      received.push(message);
      for (const look of waiting) look();
    },
    (signal) => gateway.currentState(signal),
  );
  const gateway: GramjsGateway = new GramjsGateway({
    accountId: 'main',
    apiId: 1,
    apiHash: 'hash',
    session,
    testDc: parseTestDataCentres(sandbox.testDc, sandbox.publicKeyPem),
    ways: waysBy([]),
    log: silentLog(),
    updates: () => updates,
    ...options,
  });
  onTestFinished(() => gateway.disconnect());
  const nextMessage = (predicate: (message: IncomingMessage) => boolean): Promise<IncomingMessage> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = received.find(predicate);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { gateway, received, nextMessage };
}
