import { expect, test } from 'vitest';
import { chaosTable, hasFailed } from '../../src/cli/chaos-report.js';
import type { ChaosResult } from '../../src/sandbox/chaos/run-chaos.js';

const good: ChaosResult = {
  seed: 1,
  voices: 3,
  verdicts: { once: 2, lost: 0, twice: 0, wrong: 0, excused: 1 },
  faults: { 'connections reset': 2, 'kill -9 of Redis': 1 },
  missed: 0,
  recoveries: [
    { group: 'line', fault: 'connections reset', connectionMs: 500, answerMs: 1500 },
    { group: 'line', fault: 'connections reset', connectionMs: 1500 },
  ],
  disturbed: 1,
  latenciesMs: [1000, 3000],
  longestGapMs: 4000,
  restarts: { 'kill -9 of the daemon': 1, 'the end of the run': 1, 'by itself: status 75': 1 },
  rssMaxBytes: 100 * 2 ** 20,
  commands: { typed: 2, answered: 1 },
  tookMs: 60_000,
  lastEnd: 'status 0',
  leftOver: 0,
  offenders: [],
};

test('all answered once, and every end of the daemon foreseen, is a good run', () => {
  expect(hasFailed(good)).toBe(false);
});

test.each<[string, Partial<ChaosResult>]>([
  ['a voice lost', { verdicts: { ...good.verdicts, lost: 1 } }],
  ['a voice answered twice', { verdicts: { ...good.verdicts, twice: 1 } }],
  ['a voice answered wrongly', { verdicts: { ...good.verdicts, wrong: 1 } }],
  ['an end of the daemon that wants its owner', { restarts: { 'by itself: status 78': 1 } }],
  ['an end of the daemon that nobody foresaw', { restarts: { 'by itself: status 1': 1 } }],
  ['a last end that is not in order', { lastEnd: 'SIGKILL' }],
  ['a process left over', { leftOver: 1 }],
])('%s is not', (_, change) => {
  expect(hasFailed({ ...good, ...change })).toBe(true);
});

test('the table has the counts, and the recovery of each group at the median, the 95th percentile and the worst', () => {
  const table = chaosTable(good);
  expect(table).toContain('| answered once | 2 |');
  expect(table).toContain('| from voice to answer: median, 95th, worst | 2.0 s, 2.9 s, 3.0 s |');
  expect(table).toMatch(/\| the line: [^|]+\| 2 \| 1\.0 s, 1\.[45] s, 1\.5 s \| 1\.5 s, 1\.5 s, 1\.5 s \|/);
  expect(table).toContain('| connections reset | 2 |\n| kill -9 of Redis | 1 |');
});
