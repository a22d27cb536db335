import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { orAborted } from '../src/or-aborted.js';

test('work that hears nothing of an abort keeps nobody waiting, and nothing stays with the signal', async () => {
  const abort = new AbortController();
  expect(await orAborted(Promise.resolve('done'), abort.signal)).toBe('done');
  await expect(orAborted(Promise.reject(new Error('failed')), abort.signal)).rejects.toThrow('failed');
  const work = orAborted(new Promise(() => undefined), abort.signal);
  abort.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  await expect(orAborted(new Promise(() => undefined), abort.signal)).rejects.toThrow('enough');
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});
