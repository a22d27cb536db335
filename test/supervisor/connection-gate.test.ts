import { expect, test } from 'vitest';
import { ConnectionGate } from '../../src/supervisor/connection-gate.js';

test('who waits at a closed gate passes when it opens, and an open one lets everybody through', async () => {
  const gate = new ConnectionGate();
  const { signal } = new AbortController();
  const waiting = gate.whenOpen(signal);
  gate.open();
  await waiting;
  await gate.whenOpen(signal);
  gate.close();
  expect(gate.isOpen).toBe(false);
});

test('a wait that is aborted rejects with the reason, and the gate forgets it', async () => {
  const gate = new ConnectionGate();
  const stop = new AbortController();
  const waiting = gate.whenOpen(stop.signal);
  stop.abort(new Error('stop'));
  await expect(waiting).rejects.toThrow('stop');
  await expect(gate.whenOpen(stop.signal)).rejects.toThrow('stop');
  gate.open();
});
