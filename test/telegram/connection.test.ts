import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AccountStoppedError, ConfigError, OfflineError, RetryableError } from '../../src/errors.js';
import type { GatewayTimeouts } from '../../src/telegram/connection-cycle.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { gatewayFor, startSandbox, type GatewayOnSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;
const soon: Partial<GatewayTimeouts> = { probeMinMs: 20, probeMaxMs: 40, probeDeadlineMs: 300 };
/** No probe while the test runs: what is found is found by listening. */
const rarely: Partial<GatewayTimeouts> = { probeMinMs: 3_600_000, probeMaxMs: 3_600_000, callMs: 60_000 };
const HOUR_MS = 3_600_000;

async function signedIn(timeouts: Partial<GatewayTimeouts> = {}): Promise<GatewayOnSandbox & { sandbox: Sandbox }> {
  const sandbox = await startSandbox();
  const owner = sandbox.addUser({ firstName: 'Olga', phone: '79990000001' });
  return { sandbox, ...gatewayFor(sandbox, sandbox.stringSession(owner), { timeouts }) };
}

/** A request goes through, at the latest on the next connection. */
async function healed(gateway: GatewayOnSandbox['gateway']): Promise<void> {
  try {
    await gateway.findPersonByUsername('nobody', never);
  } catch (error) {
    expect(error).toBeInstanceOf(OfflineError);
    await gateway.connect(never);
    await expect(gateway.findPersonByUsername('nobody', never)).resolves.toBeUndefined();
  }
}

function ownerOf(sandbox: Sandbox): string {
  const record = sandbox.rpcLog.calls('users.getUsers')[0];
  if (record?.userId === undefined) throw new Error('nobody has signed in yet');
  return record.userId;
}

describe('a connection', () => {
  it('is refused from the start with what is no session, and the refusal does not repeat it', async () => {
    const sandbox = await startSandbox();
    expect(() => gatewayFor(sandbox, '1secret')).toThrow(ConfigError);
    expect(() => gatewayFor(sandbox, '1secret')).toThrow(/^((?!1secret).)*$/s);
  });

  it('rejects every call before it is made and after it has ended, without a wait', async () => {
    const { gateway } = await signedIn();
    await expect(gateway.ping(never)).rejects.toThrow(OfflineError);
    // Whoever meets it comes again later, as with any request.
    expect(() => gateway.self).toThrow(OfflineError);
    await gateway.connect(never);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
    await gateway.disconnect();
    await expect(gateway.ping(never)).rejects.toThrow(OfflineError);
    await expect(gateway.untilLost(never)).rejects.toThrow(RetryableError);
  });

  it('says that Telegram cannot be reached, and connects once it can', async () => {
    const { gateway, sandbox } = await signedIn();
    await sandbox.faults.connection().refuse(true);
    await expect(gateway.connect(never)).rejects.toThrow(RetryableError);
    await sandbox.faults.connection().refuse(false);
    await gateway.connect(never);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('gives up a connection attempt that nobody answers', async () => {
    const { gateway, sandbox } = await signedIn({ connectMs: 200 });
    sandbox.faults.connection().mute(true);
    await expect(gateway.connect(never)).rejects.toThrow(/no answer to connecting within 200 ms/);
  });

  it.each(['fin', 'rst'] as const)('is lost as soon as the other side ends it (%s)', async (how) => {
    const { gateway, sandbox } = await signedIn();
    await gateway.connect(never);
    const lost = gateway.untilLost(never);
    sandbox.faults.connection().dropAll(how);
    await expect(lost).rejects.toThrow(OfflineError);
    await gateway.connect(never);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('fails a request at once when the connection breaks under it', async () => {
    const { gateway, sandbox } = await signedIn();
    await gateway.connect(never);
    sandbox.faults.silenceNext('contacts.resolveUsername');
    const called = sandbox.rpcLog.next('contacts.resolveUsername');
    const asking = expect(gateway.findPersonByUsername('nobody', never)).rejects.toThrow('was closed');
    await called;
    sandbox.faults.connection().dropAll();
    await asking;
  });

  it('gives up a request that is never answered, and stays connected', async () => {
    const { gateway, sandbox } = await signedIn({ callMs: 200 });
    await gateway.connect(never);
    sandbox.faults.silenceNext('contacts.resolveUsername');
    const asking = gateway.findPersonByUsername('nobody', never);
    await expect(asking).rejects.toThrow('no answer to contacts.ResolveUsername within 200 ms');
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('notices a half-open link by its probe', async () => {
    const { gateway, sandbox } = await signedIn({ ...soon, callMs: 300 });
    await gateway.connect(never);
    const lost = gateway.untilLost(never);
    sandbox.faults.connection().mute(true);
    await expect(lost).rejects.toThrow(/no answer to updates.GetState/);
  });

  it('notices a half-open link long before the next probe, when a ping brings nothing', async () => {
    const { gateway, sandbox } = await signedIn({ ...rarely, quietMs: 200, pingDeadlineMs: 1000 });
    await gateway.connect(never);
    const lost = gateway.untilLost(never);
    sandbox.faults.connection().mute(true);
    await expect(lost).rejects.toThrow(/nothing was heard from Telegram/);
  });

  it('notices a link that goes half-open while it is being made', async () => {
    const { gateway, sandbox } = await signedIn({ ...rarely, quietMs: 200, pingDeadlineMs: 1000 });
    sandbox.faults.silenceNext('updates.getState');
    const asked = sandbox.rpcLog.next('updates.getState').then(() => sandbox.faults.connection().mute(true));
    await expect(gateway.connect(never)).rejects.toThrow(/nothing was heard from Telegram/);
    await asked;
  });

  it('is not lost because pongs are slower than the quiet time, as long as they come', async () => {
    const { gateway, sandbox } = await signedIn({ ...rarely, quietMs: 20, pingDeadlineMs: 2000 });
    sandbox.faults.connection().pongDelayMs = 200;
    await gateway.connect(never);
    const stop = new AbortController();
    const lost = gateway.untilLost(stop.signal).catch((error: unknown) => error);
    for (let asked = 0; asked < 5; asked += 1) await gateway.ping(never);
    stop.abort('still there');
    expect(await lost).toBe('still there');
  });

  it('is not lost because no pong comes at all, as long as anything else does', async () => {
    const { gateway, sandbox } = await signedIn({ ...rarely, quietMs: 50, pingDeadlineMs: 1200 });
    sandbox.faults.connection().pongDelayMs = HOUR_MS;
    await gateway.connect(never);
    for (let asked = 0; asked < 20; asked += 1) {
      await expect(gateway.findPersonByUsername('nobody', never)).resolves.toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sandbox.dataCentre(2).connections()).toHaveLength(1);
  });

  it.each([5, -5])('goes on where the clocks are %i hours apart, from the start', async (hours) => {
    const { gateway, sandbox } = await signedIn(rarely);
    sandbox.faults.connection().clockSkewMs = hours * HOUR_MS;
    await gateway.connect(never);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it.each([5, -5])('a clock that is set %i hours on or back while it is connected costs one connection at most', async (hours) => {
    const { gateway, sandbox } = await signedIn({ ...rarely, callMs: 5000 });
    await gateway.connect(never);
    sandbox.faults.connection().clockSkewMs = hours * HOUR_MS;
    await healed(gateway);
  });

  it.each([5, -5])('the clock of this machine, set %i hours on or back, costs one connection at most', async (hours) => {
    const { gateway, sandbox } = await signedIn({ ...rarely, callMs: 5000, quietMs: 50, pingDeadlineMs: 2000 });
    await gateway.connect(never);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * HOUR_MS });
    onTestFinished(() => void vi.useRealTimers());
    // The sandbox lives in this process: its clock stays where it was.
    sandbox.faults.connection().clockSkewMs = -hours * HOUR_MS;
    await healed(gateway);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('leaves a session whose message ids are behind, since a clock went on and back, for a new one', async () => {
    const { gateway, sandbox } = await signedIn({ ...rarely, callMs: 2000 });
    await gateway.connect(never);
    const lost = expect(gateway.untilLost(never)).rejects.toThrow('takes no more messages of this session');
    sandbox.faults.connection().clockSkewMs = 3 * HOUR_MS;
    await gateway.findPersonByUsername('nobody', never);
    sandbox.faults.connection().clockSkewMs = 0;
    await expect(gateway.findPersonByUsername('nobody', never)).rejects.toThrow(OfflineError);
    await lost;
    await gateway.connect(never);
    await expect(gateway.findPersonByUsername('nobody', never)).resolves.toBeUndefined();
  });

  it('ends for good when Telegram has moved the account to another data centre, and never goes there as a stranger', async () => {
    const { gateway, sandbox } = await signedIn();
    sandbox.faults.failNext('updates.getState', { code: 303, message: 'USER_MIGRATE_4' });
    await expect(gateway.connect(never)).rejects.toMatchObject({ name: 'AccountStoppedError', code: 'USER_MIGRATE_4' });
    expect(sandbox.dataCentre(4).connections()).toEqual([]);
  });

  it('is not lost because pongs are slow', async () => {
    const { gateway, sandbox } = await signedIn({ ...soon, probeDeadlineMs: 100 });
    sandbox.faults.connection().pongDelayMs = 60_000;
    await gateway.connect(never);
    for (let probes = 0; probes < 20; probes += 1) await sandbox.rpcLog.next('updates.getState');
    expect(sandbox.dataCentre(2).connections()).toHaveLength(1);
  });

  it('is not lost because a probe is refused for a while', async () => {
    const { gateway, sandbox } = await signedIn(soon);
    await gateway.connect(never);
    sandbox.faults.failNext('updates.getState', { code: 420, message: 'FLOOD_WAIT_3' }, 2);
    for (let probes = 0; probes < 4; probes += 1) await sandbox.rpcLog.next('updates.getState');
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it.each(['SESSION_REVOKED', 'AUTH_KEY_UNREGISTERED', 'USER_DEACTIVATED'] as const)(
    'ends for good with %s, at the probe and at every later attempt',
    async (reason) => {
      const { gateway, sandbox } = await signedIn(soon);
      await gateway.connect(never);
      const lost = gateway.untilLost(never);
      sandbox.faults.revokeSessions(ownerOf(sandbox), reason);
      await expect(lost).rejects.toMatchObject({ name: 'AccountStoppedError', code: reason });
      await expect(gateway.connect(never)).rejects.toThrow(AccountStoppedError);
    },
  );

  it('ends for good when any request says that the account is frozen or its key is used twice', async () => {
    const { gateway, sandbox } = await signedIn();
    for (const [code, message] of [[420, 'FROZEN_METHOD_INVALID'], [406, 'AUTH_KEY_DUPLICATED']] as const) {
      await gateway.connect(never);
      const lost = expect(gateway.untilLost(never)).rejects.toMatchObject({ code: message });
      sandbox.faults.failNext('contacts.resolveUsername', { code, message });
      await expect(gateway.findPersonByUsername('nobody', never)).rejects.toThrow(AccountStoppedError);
      await lost;
    }
  });

  it('ends for good when the server has lost the key, where the library would hang', async () => {
    const { gateway, sandbox } = await signedIn(soon);
    await gateway.connect(never);
    const lost = gateway.untilLost(never);
    sandbox.faults.forgetKeysOf(ownerOf(sandbox));
    await expect(lost).rejects.toMatchObject({ name: 'AccountStoppedError', code: 'AUTH_KEY_NOT_FOUND' });
    await expect(gateway.connect(never)).rejects.toMatchObject({ code: 'AUTH_KEY_NOT_FOUND' });
  });

  it('stops connecting, watching and calling when it is told to, with the reason that it is given', async () => {
    const { gateway, sandbox } = await signedIn();
    const stop = new AbortController();
    const reason = new Error('shutdown');
    sandbox.faults.connection().mute(true);
    const connecting = expect(gateway.connect(stop.signal)).rejects.toBe(reason);
    stop.abort(reason);
    await connecting;
    sandbox.faults.connection().mute(false);
    await gateway.connect(never);
    await expect(gateway.untilLost(stop.signal)).rejects.toBe(reason);
    await expect(gateway.ping(stop.signal)).rejects.toBe(reason);
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('lets itself be ended while it is being made, any number of times', async () => {
    const { gateway, sandbox } = await signedIn();
    sandbox.faults.connection().mute(true);
    const connecting = expect(gateway.connect(never)).rejects.toThrow('was ended');
    await Promise.all([gateway.disconnect(), gateway.disconnect()]);
    await connecting;
    await gateway.disconnect();
  });

  it('lets no request out while it may not send, and goes on when it may', async () => {
    let mayNot: Error | undefined;
    const sandbox = await startSandbox();
    const session = sandbox.stringSession(sandbox.addUser({ firstName: 'Olga' }));
    const permit = (): void => {
      if (mayNot !== undefined) throw mayNot;
    };
    const { gateway } = gatewayFor(sandbox, session, { permit });
    await gateway.connect(never);
    const calls = sandbox.rpcLog.calls().length;
    mayNot = new OfflineError('not alone');
    const self = gateway.self.peer;
    const text = { text: 'x', entities: [] };
    await expect(gateway.sendText({ chat: self, text, randomId: '1' }, never)).rejects.toBe(mayNot);
    await expect(gateway.editText(self, 1, text, never)).rejects.toBe(mayNot);
    await expect(gateway.deleteMessages(self, [1], never)).rejects.toBe(mayNot);
    await expect(gateway.sendTyping(self, never)).rejects.toBe(mayNot);
    expect(sandbox.rpcLog.calls()).toHaveLength(calls);
    mayNot = undefined;
    expect(await gateway.ping(never)).toBeGreaterThan(0);
  });

  it('leaves no connection behind, whenever it is ended: no zombie when the server is back', async () => {
    const { gateway, sandbox } = await signedIn();
    await gateway.connect(never);
    await sandbox.faults.connection().refuse(true);
    const lost = expect(gateway.untilLost(never)).rejects.toThrow(RetryableError);
    sandbox.faults.connection().dropAll();
    await lost;
    await gateway.disconnect();
    await sandbox.faults.connection().refuse(false);
    // The library's own attempt, were there one, comes a second after the loss.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(sandbox.dataCentre(2).connections()).toEqual([]);
  });

  it('has one connection after many cycles', async () => {
    const { gateway, sandbox } = await signedIn();
    for (let cycle = 0; cycle < 10; cycle += 1) await gateway.connect(never);
    await expect.poll(() => sandbox.dataCentre(2).connections().length).toBe(1);
  });
});
