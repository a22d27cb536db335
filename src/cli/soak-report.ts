import type { Growth, SoakResult } from '../sandbox/chaos/run-soak.js';
import { quantile } from './bench/statistics.js';

/** Memory is judged by its slope only where there are enough minutes to draw a line through. */
const SLOPE_FROM_MINUTES = 20;
const MOST_BYTES_PER_HOUR = 2 ** 20;
const MOST_LOOP_DELAY_MS = 100;
/** A connection, a file being read: what comes and goes with the work. */
const PASSING_FILES = 12;

/** What is not as it should be, in words; none where all is well. */
export function soakFaults(result: SoakResult): string[] {
  const { voices, answeredOnce, heap, minutes, openFiles, processes, starts } = result;
  const p99 = loopDelay(result);
  return [
    ...(answeredOnce === voices ? [] : [`${voices - answeredOnce} of ${voices} voices were not answered once`]),
    ...(minutes >= SLOPE_FROM_MINUTES && heap.bytesPerHour > MOST_BYTES_PER_HOUR ? [`memory in use after a collection grows by ${perHour(heap)}`] : []),
    ...(p99 <= MOST_LOOP_DELAY_MS ? [] : [`the event loop was ${p99} ms late at the 99th percentile`]),
    ...(openFiles.last <= openFiles.first + PASSING_FILES ? [] : [`open files went from ${openFiles.first} to ${openFiles.last}`]),
    ...(processes.last <= processes.first ? [] : [`processes went from ${processes.first} to ${processes.last}`]),
    ...(starts === 1 ? [] : [`the daemon was started ${starts} times`]),
  ];
}

/** The result for people, in Markdown. */
export function soakTable(result: SoakResult): string {
  const { voices, answeredOnce, updates, minutes, rss, heap, openFiles, processes, latenciesMs } = result;
  const rows: [string, string][] = [
    ['voices, answered once', `${voices}, ${answeredOnce}`],
    ['other updates', `${updates} (${Math.round(updates / (minutes * 60))} a second)`],
    ['from voice to answer: median, 95th, worst', [0.5, 0.95, 1].map((share) => `${(quantile(latenciesMs, share) / 1000).toFixed(1)} s`).join(', ')],
    ['memory of the process, the least of each minute: first, last, most', growth(rss)],
    ['its slope', perHour(rss)],
    ['JavaScript memory in use after a collection: first, last, most', growth(heap)],
    ['its slope', perHour(heap)],
    ['event loop late: median, worst of the 99th percentiles of 15 s each', `${quantile(result.loopDelayP99Ms, 0.5)} ms, ${loopDelay(result)} ms`],
    ['event loop late: worst', `${result.loopDelayMaxMs} ms`],
    ['open files: first, last, most', `${openFiles.first}, ${openFiles.last}, ${openFiles.most}`],
    ['child processes that stay: first, last, most', `${processes.first}, ${processes.last}, ${processes.most}`],
  ];
  return [`| ${minutes} minutes | |`, '| --- | ---: |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

/** The worst of all periods: each is a 99th percentile of its own. */
function loopDelay({ loopDelayP99Ms }: SoakResult): number {
  return quantile(loopDelayP99Ms, 1);
}

function growth({ firstBytes, lastBytes, mostBytes }: Growth): string {
  return [firstBytes, lastBytes, mostBytes].map((bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`).join(', ');
}

function perHour({ bytesPerHour }: Growth): string {
  return `${(bytesPerHour / 2 ** 20).toFixed(2)} MiB an hour`;
}
