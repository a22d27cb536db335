import { expect, test } from 'vitest';
import { ServiceGroup, type Service } from '../../src/supervisor/service-group.js';
import { recordedLog } from '../support/silent-log.js';

function service(name: string, calls: string[], over: Partial<Service> = {}): Service {
  return {
    name,
    start: () => Promise.resolve(void calls.push(`start ${name}`)),
    stop: () => Promise.resolve(void calls.push(`stop ${name}`)),
    ...over,
  };
}

test('services start in order and stop in reverse, all of them although one fails', async () => {
  const calls: string[] = [];
  const { log, lines } = recordedLog();
  const group = new ServiceGroup({ log, stopDeadlineMs: 1000 });
  const { signal } = new AbortController();
  await group.start(service('a', calls), signal);
  await group.start(service('b', calls, { stop: () => Promise.reject(new Error('stuck')) }), signal);
  await group.start(service('c', calls), signal);
  expect(await group.stop()).toBe(false);
  expect(calls).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop a']);
  expect(lines.some(({ msg }) => String(msg).startsWith('b did not stop cleanly: '))).toBe(true);
});

test('a service that does not stop in time is left behind and the next one stops', async () => {
  const calls: string[] = [];
  const { log } = recordedLog();
  const group = new ServiceGroup({ log, stopDeadlineMs: 10 });
  const { signal } = new AbortController();
  await group.start(service('a', calls), signal);
  await group.start(service('b', calls, { stop: () => new Promise(() => undefined) }), signal);
  expect(await group.stop()).toBe(false);
  expect(calls).toContain('stop a');
});

test('a service whose start failed is stopped too, and an aborted start starts nothing more', async () => {
  const calls: string[] = [];
  const { log } = recordedLog();
  const group = new ServiceGroup({ log, stopDeadlineMs: 1000 });
  const failing = service('a', calls, { start: () => Promise.reject(new Error('no')) });
  await expect(group.start(failing, new AbortController().signal)).rejects.toThrow('no');
  await expect(group.start(service('b', calls), AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  expect(await group.stop()).toBe(true);
  expect(calls).toEqual(['stop a']);
});
