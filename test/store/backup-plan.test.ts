import { expect, test } from 'vitest';
import { backupPlan } from '../../src/store/backup-plan.js';
import { redisKeys } from '../../src/store/redis-keys.js';

test('every key of the program is in a backup or left out with a reason, and nothing else is', () => {
  expect(Object.keys(backupPlan).sort()).toEqual(Object.keys(redisKeys).sort());
  for (const plan of Object.values(backupPlan)) expect('left' in plan ? plan.left : plan.section).not.toBe('');
});

test('no two keys are one section', () => {
  const sections = Object.values(backupPlan).flatMap((plan) => ('section' in plan ? [plan.section] : []));
  expect(new Set(sections).size).toBe(sections.length);
});
