import { expect, test } from 'vitest';
import { systemdEnvironment } from '../../src/supervisor/systemd-environment.js';

test('without systemd there is nobody to tell', () => {
  expect(systemdEnvironment({ PATH: '/bin' }, 7)).toBeUndefined();
  expect(systemdEnvironment({ NOTIFY_SOCKET: '' }, 7)).toBeUndefined();
});

test('the messenger gets the socket and the path, and no secret of ours', () => {
  const { variables } = systemdEnvironment({ NOTIFY_SOCKET: '@x', PATH: '/bin', SESSION_PASSPHRASE: 'hunter2' }, 7) ?? {};
  expect(variables).toEqual({ NOTIFY_SOCKET: '@x', PATH: '/bin' });
});

test.each([
  [{ WATCHDOG_USEC: '120000000', WATCHDOG_PID: '7' }, 120_000],
  [{ WATCHDOG_USEC: '120000000' }, 120_000],
  [{ WATCHDOG_USEC: '120000000', WATCHDOG_PID: '8' }, undefined],
  [{ WATCHDOG_USEC: '0', WATCHDOG_PID: '7' }, undefined],
  [{ WATCHDOG_USEC: 'soon' }, undefined],
  [{}, undefined],
])('%o: the patience of the watchdog is %s ms', (variables, watchdogMs) => {
  expect(systemdEnvironment({ NOTIFY_SOCKET: '/run/x', ...variables }, 7)?.watchdogMs).toBe(watchdogMs);
});
