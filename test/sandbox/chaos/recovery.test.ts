import { expect, test } from 'vitest';
import { RecoveryWatch } from '../../../src/sandbox/chaos/recovery.js';

function watchAt(): { watch: RecoveryWatch; at: (ms: number) => RecoveryWatch } {
  let nowMs = 0;
  const watch = new RecoveryWatch(() => nowMs);
  return {
    watch,
    at: (ms) => {
      nowMs = ms;
      return watch;
    },
  };
}

test('from the end of a fault to the first request that is answered, and to the next voice', () => {
  const { watch, at } = watchAt();
  at(900).struck();
  at(1000).ended();
  watch.measure('line', 'cut');
  at(1700).requestAnswered(1600);
  at(2500).voiceAnswered();
  expect(watch.done).toEqual([expect.objectContaining({ group: 'line', fault: 'cut', connectionMs: 700, answerMs: 1500 })]);
});

test('a request that came before the fault was over proves nothing', () => {
  const { watch, at } = watchAt();
  at(900).struck();
  at(1000).ended();
  watch.measure('line', 'cut');
  at(1100).requestAnswered(900);
  at(1900).requestAnswered(1800);
  at(2000).voiceAnswered();
  expect(watch.done[0]?.connectionMs).toBe(900);
});

test('what the next fault runs into is given up, but for what was known already', () => {
  const { watch, at } = watchAt();
  at(900).struck();
  at(1000).ended();
  watch.measure('line', 'cut');
  at(1200).measure('redis', 'kill');
  at(1300).requestAnswered(1100);
  at(1400).struck();
  at(1500).voiceAnswered();
  expect(watch.done.map(({ fault, connectionMs, answerMs }) => ({ fault, connectionMs, answerMs }))).toEqual([
    { fault: 'cut', connectionMs: 300, answerMs: undefined },
  ]);
  expect(watch.disturbed).toBe(1);
});

test('a fault that heals while another goes on is not measured', () => {
  const { watch, at } = watchAt();
  at(1000).struck();
  at(1100).struck();
  at(1200).ended();
  watch.measure('line', 'cut');
  at(1300).requestAnswered(1250);
  at(1400).voiceAnswered();
  expect(watch.done).toEqual([]);
  expect(watch.disturbed).toBe(1);
});
