import { expect, test } from 'vitest';
import { sharedAbort } from '../src/shared-abort.js';

test('many may wait for it, and Node prints no warning of a leak', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const { signal } = sharedAbort();
  for (let index = 0; index < 100; index += 1) signal.addEventListener('abort', () => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});
