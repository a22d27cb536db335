import { expect, test } from 'vitest';
import { CallBudgets } from '../../../src/modules/foreign/call-budgets.js';

const HOUR_MS = 3_600_000;

/** Asks so often at once; how often each answer came. */
function asked(budgets: CallBudgets, times: number, atMs: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let time = 0; time < times; time += 1) {
    const answer = JSON.stringify(budgets.admit(undefined, atMs));
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return counts;
}

test('calls over the budget are refused, and so many of them at once are a flood', () => {
  expect(asked(new CallBudgets(0), 701, 0)).toEqual({ '"yes"': 200, '"no"': 500, '"flood"': 1 });
});

test('a few calls too many now and then are no flood, however long it goes on', () => {
  const budgets = new CallBudgets(0);
  for (let hour = 1; hour <= 24 * 365; hour += 1) expect(asked(budgets, 300, hour * HOUR_MS)).toEqual({ '"yes"': 200, '"no"': 100 });
});

test('a capability has a budget of its own, and who does not heed its refusals is stopped', () => {
  const budgets = new CallBudgets(0);
  const answers = Array.from({ length: 71 }, () => budgets.admit('history', 0));
  expect(answers.slice(0, 20)).toEqual(Array(20).fill('yes'));
  expect(answers.slice(20, 70)).toEqual(Array(50).fill({ waitMs: 3000 }));
  expect(answers[70]).toBe('flood');
  expect(budgets.admit('store', 0)).toBe('yes');
});
