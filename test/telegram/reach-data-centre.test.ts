import { expect, it } from 'vitest';
import { RetryableError, UnreachableError } from '../../src/errors.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { reachDataCentre, type Reached } from '../../src/telegram/reach-data-centre.js';
import { parseTestDataCentres } from '../../src/telegram/test-data-centres.js';
import { silentLog } from '../support/silent-log.js';
import { waysBy } from '../support/ways.js';
import { startSandbox } from './support/gateway-on-sandbox.js';

const never = new AbortController().signal;

async function ground(): Promise<{ sandbox: Sandbox; reach: (signal?: AbortSignal, deadlineMs?: number) => Promise<Reached> }> {
  const sandbox = await startSandbox();
  const session = sandbox.stringSession(sandbox.addUser({ firstName: 'Olga' }));
  const app = { ways: waysBy([]), testDc: parseTestDataCentres(sandbox.testDc, sandbox.publicKeyPem) };
  return {
    sandbox,
    reach: (signal = never, deadlineMs = 5000) => reachDataCentre({ app, session, deadlineMs, log: silentLog() }, signal),
  };
}

it('a data centre that answers is reached, with no request of the account and no connection left behind', async () => {
  const { sandbox, reach } = await ground();
  await reach();
  await expect.poll(() => sandbox.dataCentre(2).connections()).toEqual([]);
  expect(sandbox.rpcLog.calls()).toEqual([]);
});

it('a clock that is hours off does not keep it from being reached', async () => {
  const { sandbox, reach } = await ground();
  sandbox.faults.connection().clockSkewMs = 5 * 3_600_000;
  const { serverTimeMs = 0 } = await reach();
  expect(Math.abs(serverTimeMs - Date.now() - 5 * 3_600_000)).toBeLessThan(60_000);
});

it('one that refuses, one that hangs up and one that says nothing are not reached', async () => {
  const { sandbox, reach } = await ground();
  sandbox.faults.connection().mute(true);
  const hungUp = expect(reach()).rejects.toThrow(RetryableError);
  await expect.poll(() => sandbox.dataCentre(2).connections().length).toBe(1);
  sandbox.faults.connection().dropAll('fin');
  await hungUp;
  await expect(reach(never, 200)).rejects.toThrow('no answer to a first word within 200 ms');
  await sandbox.faults.connection().refuse(true);
  await expect(reach()).rejects.toThrow(UnreachableError);
});

it('it can be told to stop asking', async () => {
  const { sandbox, reach } = await ground();
  sandbox.faults.connection().mute(true);
  const stop = new AbortController();
  const asking = expect(reach(stop.signal)).rejects.toThrow('stop');
  stop.abort(new Error('stop'));
  await asking;
  sandbox.faults.connection().mute(false);
  await expect.poll(() => sandbox.dataCentre(2).connections()).toEqual([]);
});
