import type { FailureReason } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { RetryOutcome } from '../queue/failed-voices.js';
import type { JobState } from '../queue/voice-queue.js';
import type { DeadLetter } from '../voice/dead-letter.js';
import type { VoiceOutcome } from '../voice/voice-dependencies.js';
import type { VoiceJob } from '../voice/voice-job.js';
import { EXIT_FAILURE } from './exit-status.js';

/** All that is known of one job, wherever it stands. */
export interface JobRecord {
  jobId: string;
  letter?: DeadLetter;
  queued?: { job: VoiceJob; state: JobState };
  outcome?: VoiceOutcome;
  /** Messages that stand in the chat for it. */
  messageIds: readonly number[];
}

export interface JobsDependencies {
  failed(): Promise<readonly DeadLetter[]>;
  unfinished(): Promise<readonly { jobId: string; state: JobState }[]>;
  find(jobId: string): Promise<JobRecord | undefined>;
  retry(jobId: string): Promise<RetryOutcome>;
  drop(jobId: string): Promise<boolean>;
  texts: Texts['jobs'];
  failures: Readonly<Record<FailureReason, string>>;
  print: (line: string) => void;
}

/** What failed, oldest first, with its cause, and what is not done yet. `json`: one object a line. */
export async function listJobs(deps: JobsDependencies, { json = false } = {}): Promise<number> {
  const { texts, print } = deps;
  const [failed, unfinished] = [await deps.failed(), await deps.unfinished()];
  if (json) {
    for (const letter of failed) print(JSON.stringify(letterView(letter)));
    for (const { jobId, state } of unfinished) print(JSON.stringify({ id: jobId, state }));
    return 0;
  }
  if (failed.length === 0) print(texts.noneFailed);
  else {
    print(texts.failed(failed.length));
    const rows = failed.map(({ jobId, atMs, reason, tries, cause }) => [jobId, localTime(atMs), reason, String(tries), cause]);
    for (const line of table([[...texts.columns], ...rows])) print(`  ${line}`);
  }
  const count = (state: JobState): number => unfinished.filter((one) => one.state === state).length;
  print(texts.queue(count('waiting'), count('active'), count('delayed')));
  const lines = unfinished.slice(0, MAX_LISTED).map(({ jobId, state }) => [jobId, texts.states[state]]);
  for (const line of table(lines)) print(`  ${line}`);
  if (unfinished.length > MAX_LISTED) print(`  ${texts.more(unfinished.length - MAX_LISTED)}`);
  return 0;
}

/** Everything that is known of one job. The exit status: 1 where nothing is. */
export async function showJob(jobId: string, deps: JobsDependencies, { json = false } = {}): Promise<number> {
  const { texts, failures, print } = deps;
  const record = await deps.find(jobId);
  if (record === undefined) {
    print(texts.unknown(jobId));
    return EXIT_FAILURE;
  }
  if (json) {
    print(JSON.stringify(recordView(record)));
    return 0;
  }
  const { letter, queued, outcome, messageIds } = record;
  const job = queued?.job ?? letter?.job;
  const state = queued !== undefined && queued.state !== 'done' ? texts.states[queued.state] : letter !== undefined ? texts.states.failed : texts.states.done;
  const rows: (readonly [string, string])[] = [
    [texts.fields.state, state],
    ...(outcome === undefined ? [] : [[texts.fields.outcome, outcome] as const]),
    ...(letter === undefined
      ? []
      : ([
          [texts.fields.reason, `${letter.reason}: ${failures[letter.reason]}`],
          [texts.fields.cause, letter.cause],
          [texts.fields.tries, String(letter.tries)],
          [texts.fields.when, localTime(letter.atMs)],
          [texts.fields.told, letter.told ? texts.yes : texts.no],
        ] as const)),
    ...(job === undefined
      ? []
      : ([
          [texts.fields.sent, localTime(job.sentAtMs)],
          [texts.fields.media, `${job.media.kind}, ${job.media.durationSec} s, ${job.media.sizeBytes} B, ${job.media.mimeType}`],
        ] as const)),
    ...(messageIds.length === 0 ? [] : [[texts.fields.messages, messageIds.join(', ')] as const]),
  ];
  print(jobId);
  for (const line of table(rows)) print(`  ${line}`);
  return 0;
}

/** Runs failed voices once more: those named, or `all`. The exit status: 1 where one of them could not be. */
export async function retryJobs(ids: readonly string[], deps: JobsDependencies): Promise<number> {
  const { texts, print } = deps;
  let status = 0;
  for (const jobId of await named(ids, deps)) {
    const outcome = await deps.retry(jobId);
    print({ again: texts.retried, 'under-way': texts.underWay, unknown: texts.unknown }[outcome](jobId));
    if (outcome === 'unknown') status = EXIT_FAILURE;
  }
  return status;
}

/** Forgets failed voices, or takes waiting ones out of the queue. The exit status: 1 where one of them could not be. */
export async function dropJobs(ids: readonly string[], deps: JobsDependencies): Promise<number> {
  const { texts, print } = deps;
  let status = 0;
  for (const jobId of await named(ids, deps)) {
    const dropped = await deps.drop(jobId);
    print(dropped ? texts.dropped(jobId) : texts.notDropped(jobId));
    if (!dropped) status = EXIT_FAILURE;
  }
  return status;
}

const MAX_LISTED = 50;

async function named(ids: readonly string[], deps: JobsDependencies): Promise<readonly string[]> {
  if (!ids.includes('all')) return ids;
  const letters = await deps.failed();
  if (letters.length === 0) deps.print(deps.texts.noneFailed);
  return letters.map(({ jobId }) => jobId);
}

function letterView({ jobId, reason, cause, tries, told, atMs }: DeadLetter): Record<string, unknown> {
  return { id: jobId, state: 'failed', reason, cause, tries, told, at: new Date(atMs).toISOString() };
}

function recordView({ jobId, letter, queued, outcome, messageIds }: JobRecord): Record<string, unknown> {
  const state = queued !== undefined && queued.state !== 'done' ? queued.state : letter === undefined ? 'done' : 'failed';
  return { ...(letter === undefined ? { id: jobId } : letterView(letter)), state, outcome, messageIds };
}

/** Columns as wide as their widest cell. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

/** `2026-11-21 10:15`, in the machine's zone. */
function localTime(ms: number): string {
  const date = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 16).replace('T', ' ');
}
