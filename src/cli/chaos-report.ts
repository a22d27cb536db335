import { BY_ITSELF } from '../sandbox/chaos/daemon-runner.js';
import type { FaultGroup } from '../sandbox/chaos/fault.js';
import type { Recovery } from '../sandbox/chaos/recovery.js';
import type { ChaosResult, Offender } from '../sandbox/chaos/run-chaos.js';
import { quantile } from './bench/statistics.js';
import { EXIT_RESTART } from './exit-status.js';

const GROUPS: [FaultGroup, string][] = [
  ['line', 'the line: cut, refused, black-holed, slow'],
  ['half-open', 'half-open connections, from when they died'],
  ['daemon', 'the daemon: killed, stopped, frozen, power cut'],
  ['redis', 'Redis: killed, stopped, frozen, its last second lost'],
  ['engine', 'the engine: killed, frozen'],
  ['telegram', 'Telegram: errors, lost updates, moved files, clocks'],
];

/** A voice was lost, answered twice or wrongly, or the daemon ended as it should not. */
export function hasFailed({ verdicts, leftOver, lastEnd, restarts }: ChaosResult): boolean {
  const badEnds = Object.keys(restarts).filter((cause) => cause.startsWith(BY_ITSELF) && !cause.endsWith(`status ${EXIT_RESTART}`));
  return verdicts.lost + verdicts.twice + verdicts.wrong + leftOver + badEnds.length > 0 || lastEnd !== 'status 0';
}

/** The result for people, in Markdown. */
export function chaosTable(result: ChaosResult): string {
  const { verdicts, faults, restarts, commands } = result;
  const struck = Object.values(faults).reduce((sum, count) => sum + count, 0);
  const rows: [string, string | number][] = [
    ['seed', result.seed],
    ['voices', result.voices],
    ['answered once', verdicts.once],
    ['lost', verdicts.lost],
    ['answered twice', verdicts.twice],
    ['answered wrongly', verdicts.wrong],
    ['rightly left alone (of a stranger, or deleted meanwhile)', verdicts.excused],
    ['faults', `${struck}; ${result.missed} more found no moment`],
    ['from voice to answer: median, 95th, worst', seconds(result.latenciesMs)],
    ['longest time without an answer while somebody waited', second(result.longestGapMs)],
    ['commands answered', `${commands.answered} of ${commands.typed}`],
    ['highest memory of the daemon', `${(result.rssMaxBytes / 2 ** 20).toFixed(0)} MiB`],
    ['last end of the daemon; processes left over', `${result.lastEnd}; ${result.leftOver}`],
    ['took', second(result.tookMs)],
  ];
  return [
    '| | |',
    '| --- | ---: |',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
    `Recovery after a fault has healed: median, 95th, worst (${result.disturbed} more were disturbed by the next fault).`,
    '',
    '| faults | measured | Telegram answers a request | the next voice is answered |',
    '| --- | ---: | ---: | ---: |',
    ...GROUPS.map(([group, name]) => recoveryRow(name, result.recoveries.filter((each) => each.group === group))),
    '',
    '| ends of the daemon | times |',
    '| --- | ---: |',
    ...counted(restarts),
    '',
    '| faults that took hold | times |',
    '| --- | ---: |',
    ...counted(faults),
  ].join('\n');
}

/** A voice that was not answered as it should have been, with what happened around it. */
export function offenderAccount({ voice, verdict, answers, sentAtMs, around, log }: Offender): string {
  const at = (atMs: number): string => `${((atMs - sentAtMs) / 1000).toFixed(2).padStart(8)} s`;
  return [
    `Voice ${voice.index} (${voice.from} in ${voice.place}, ${voice.kind} ${voice.clipId}): ${verdict}`,
    ...answers.map((text) => `  answer: ${JSON.stringify(text.slice(0, 200))}`),
    ...around.map(({ atMs, what }) => `  ${at(atMs)}  ${what}`),
    '  the daemon says of it:',
    ...log.map((line) => `    ${line.slice(0, 400)}`),
    '',
  ].join('\n');
}

function recoveryRow(name: string, recoveries: readonly Recovery[]): string {
  const connection = recoveries.flatMap(({ connectionMs }) => connectionMs ?? []);
  const answer = recoveries.flatMap(({ answerMs }) => answerMs ?? []);
  return `| ${name} | ${recoveries.length} | ${seconds(connection)} | ${seconds(answer)} |`;
}

function counted(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `| ${name} | ${count} |`);
}

function seconds(valuesMs: readonly number[]): string {
  return valuesMs.length === 0 ? '–' : [0.5, 0.95, 1].map((share) => second(quantile(valuesMs, share))).join(', ');
}

function second(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
