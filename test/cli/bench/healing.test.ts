import { expect, test } from 'vitest';
import { faults, healingTable, measureHealing } from '../../../src/cli/bench/healing.js';
import { silentLog } from '../../support/silent-log.js';

test('a cut and a half-open connection of the real client are seen to be noticed and to heal', async () => {
  const log = silentLog();
  const timeouts = { quietMs: 200, pingDeadlineMs: 1000 };
  const signal = AbortSignal.timeout(60_000);
  for (const name of ['cut', 'half-open: a router forgot the connection']) {
    const fault = faults.find((one) => one.name === name);
    if (fault === undefined) throw new Error('no such fault');
    const healing = await measureHealing(fault, { log, timeouts }, signal);
    expect(healing).toEqual({ fault: name, noticedMs: expect.any(Number) as number, healedMs: expect.any(Number) as number });
  }
});

test('the table tells what was lost from what was not', () => {
  const table = healingTable([{ fault: 'cut', noticedMs: 40, healedMs: 1260 }, { fault: 'pongs 4 s late' }]);
  expect(table).toContain('| cut | 0.0 s | 1.3 s |');
  expect(table).toContain('| pongs 4 s late | not lost | – |');
});
