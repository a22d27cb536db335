import { getEventListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { linkedAbort, withLinkedAbort } from '../src/linked-abort.js';

test('the work is aborted with the first of the signals, with its reason', async () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const work = withLinkedAbort([one.signal, other.signal], (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
  other.abort(new Error('the other'));
  one.abort(new Error('the one'));
  await expect(work).rejects.toThrow('the other');
});

test('a signal that is aborted already aborts from the start', () => {
  expect(linkedAbort(new AbortController().signal, AbortSignal.abort('over')).signal.reason).toBe('over');
});

test('nothing of work that is done stays with a signal that lives on', async () => {
  const { signal } = new AbortController();
  const symbols = Object.getOwnPropertySymbols(signal).length;
  await withLinkedAbort([signal, AbortSignal.timeout(60_000)], () => Promise.resolve());
  await expect(withLinkedAbort([signal], () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  // `AbortSignal.any` leaves a list of what depends on it, which only grows.
  expect(Object.getOwnPropertySymbols(signal)).toHaveLength(symbols);
  AbortSignal.any([signal]);
  expect(Object.getOwnPropertySymbols(signal).length).toBeGreaterThan(symbols);
});

test('as much may wait for it as there is work, without Node.js taking that for a leak', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  onTestFinished(() => void process.off('warning', note));
  const { signal } = linkedAbort(new AbortController().signal);
  for (let at = 0; at < 12; at += 1) signal.addEventListener('abort', () => at);
  await new Promise((resolve) => setImmediate(resolve));
  expect(warnings).toEqual([]);
});
