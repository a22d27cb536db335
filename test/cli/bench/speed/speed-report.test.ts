import { expect, it } from 'vitest';
import type { Outcome } from '../../../../src/cli/bench/speed/race.js';
import { speedChart } from '../../../../src/cli/bench/speed/speed-chart.js';
import type { SpeedResult } from '../../../../src/cli/bench/speed/speed-result.js';
import { speedSection } from '../../../../src/cli/bench/speed/speed-table.js';

const done = (...times: [ms: number, loadMs?: number][]): Outcome => ({
  kind: 'done',
  hearings: times.map(([ms, loadMs]) => ({ ms, ...(loadMs !== undefined && { loadMs }), text: '' })),
  peakBytes: 200e6,
  saysRight: true,
});

const result: SpeedResult = {
  shape: 'base',
  threads: 2,
  seconds: [3, 300],
  rows: [
    { name: 'whisper-cli', isLimit: true, outcomes: [done([1100, 100], [1300, 100], [1200, 100]), done([15_000, 100])] },
    { name: 'this program', isOurs: true, outcomes: [done([440], [330]), done([14_900])] },
    { name: 'a <slow> peer', outcomes: [{ kind: 'late', limitMs: 20_000, peakBytes: 1e6 }, undefined] },
    { name: 'an absent peer', outcomes: [{ kind: 'skipped', reason: 'does not install here' }, undefined] },
  ],
};

it('the table gives medians, ratios to the limit without its model load, and who was too late or is missing', () => {
  const section = speedSection([result], { command: 'npm run bench -- speed', version: '1.2.3' });
  expect(section).toContain('| whisper-cli | 1.10 | 14.90 | 200 MB | right |');
  expect(section).toContain('| … with its model load | 1.20 (1.09) | 15.00 (1.01) |  |  |');
  expect(section).toContain('| **this program** | 0.39 (0.35) | 14.90 (1.00) | 200 MB | right |');
  expect(section).toContain('| a <slow> peer | > 20 | – | 1 MB | – |');
  expect(section).toContain('- an absent peer, 2 threads: does not install here');
  expect(section).toContain('3 times: whisper-cli (3 s)');
});

it('the chart shows a bar for whoever was measured, as long as its limit where it was late, and nobody else', () => {
  const chart = speedChart(result);
  expect(chart.match(/<rect class="(?!card)/g)).toHaveLength(5);
  expect(chart).toContain('&gt; 20 s');
  expect(chart).toContain('a &lt;slow&gt; peer');
  expect(chart).not.toContain('absent');
  expect(chart).toContain('prefers-color-scheme: dark');
});
