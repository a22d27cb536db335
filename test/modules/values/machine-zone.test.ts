import { expect, test } from 'vitest';
import { fitsValue } from '../../../src/modules/values/fits-value.js';
import { machineZone } from '../../../src/modules/values/machine-zone.js';

test.each([
  ['Europe/Moscow', 180, 'Europe/Moscow'],
  // TZ= (empty), as docker passes on a variable that is not set.
  ['Etc/Unknown', 0, 'UTC'],
  // TZ=MSK-3.
  [undefined, 180, 'Etc/GMT-3'],
  // TZ=GMT+3, which is three hours behind UTC, whatever Node.js calls it.
  ['GMT+03:00', -180, 'Etc/GMT+3'],
  [undefined, -300, 'Etc/GMT+5'],
  [undefined, 330, 'Asia/Kolkata'],
  [undefined, -137, 'UTC'],
])('the zone of a machine that calls it %s, %i minutes ahead, is %s', (name, aheadMinutes, zone) => {
  const found = machineZone({ name, aheadMinutes });
  expect(new Intl.DateTimeFormat('en', { timeZone: found }).resolvedOptions().timeZone).toBe(new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone);
  expect(fitsValue({ kind: 'time-zone' }, found)).toBe(true);
});

test('this machine has one', () => {
  expect(fitsValue({ kind: 'time-zone' }, machineZone())).toBe(true);
});
