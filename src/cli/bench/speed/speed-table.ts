import { madeBy } from '../benchmark-document.js';
import { medianMs, ratioToLimit, type SpeedResult, type SpeedRow } from './speed-result.js';

/** The section of docs/benchmarks.md about one model's shape. */
export function speedSection(results: readonly SpeedResult[], { command, version }: { command: string; version: string }): string {
  const shape = results[0]?.shape ?? '';
  return [
    `## Speed with a model of the size of \`${shape}\``,
    '',
    madeBy(command, version),
    '',
    'Seconds from a voice’s file to its text, median; in brackets the ratio to the limit: whisper.cpp’s own `whisper-cli`, compiled the ' +
      'same way, greedy (`-bs 1`), without its model load. This program: decoding, speech detection, engine and punctuation, the model in memory. ' +
      'The others get a WAV file. Every model says 2.2 words a second (1.4 of 5 min), whatever it hears; memory is the most that all processes of a ' +
      'contender took together.',
    '',
    ...results.flatMap((result) => [`### ${threadsText(result.threads)}`, '', ...table(result), '']),
    ...notes(results),
  ].join('\n');
}

export function threadsText(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}

export function lengthText(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${seconds / 60} min`;
}

function table(result: SpeedResult): string[] {
  const head = ['', ...result.seconds.map(lengthText), 'memory', 'text'];
  const rows = result.rows.flatMap((row) => [
    [row.isOurs ? `**${row.name}**` : row.name, ...row.outcomes.map((_, note) => cell(result, row, note)), memory(row), verdict(row)],
    ...(row.isLimit ? [['… with its model load', ...row.outcomes.map((_, note) => loadedCell(result, row, note)), '', '']] : []),
  ]);
  const align = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function cell(result: SpeedResult, row: SpeedRow, note: number): string {
  const outcome = row.outcomes[note];
  if (outcome === undefined || outcome.kind === 'skipped') return '–';
  if (outcome.kind === 'late') return `> ${(outcome.limitMs / 1000).toFixed(0)}`;
  const ratio = ratioToLimit(result, row, note);
  return `${seconds(medianMs(row, outcome))}${ratio === undefined || row.isLimit ? '' : ` (${ratio.toFixed(2)})`}`;
}

function loadedCell(result: SpeedResult, row: SpeedRow, note: number): string {
  const asRun: SpeedRow = { name: row.name, outcomes: row.outcomes };
  return cell(result, asRun, note);
}

function seconds(ms: number | undefined): string {
  return ms === undefined ? '–' : (ms / 1000).toFixed(2);
}

function memory({ outcomes }: SpeedRow): string {
  const peak = Math.max(0, ...outcomes.map((outcome) => (outcome === undefined || outcome.kind === 'skipped' ? 0 : outcome.peakBytes)));
  return peak === 0 ? '–' : `${(peak / 1e6).toFixed(0)} MB`;
}

function verdict({ outcomes }: SpeedRow): string {
  const done = outcomes.filter((outcome) => outcome?.kind === 'done');
  if (done.length === 0) return '–';
  return done.every((outcome) => outcome.saysRight) ? 'right' : 'wrong';
}

/** How often each note was heard, and why somebody is missing. */
function notes(results: readonly SpeedResult[]): string[] {
  const counts = new Map<string, string>();
  const reasons = new Set<string>();
  for (const { rows, seconds: lengths, threads } of results) {
    for (const { name, outcomes } of rows) {
      for (const [note, outcome] of outcomes.entries()) {
        if (outcome?.kind === 'done') counts.set(`${name}, ${lengthText(lengths[note] ?? 0)}`, `${outcome.hearings.length}`);
        if (outcome?.kind === 'skipped') reasons.add(`${name}, ${threadsText(threads)}: ${outcome.reason}`);
      }
    }
  }
  const byCount = new Map<string, string[]>();
  for (const [what, count] of counts) byCount.set(count, [...(byCount.get(count) ?? []), what]);
  const heard = [...byCount].map(([count, whats]) => `${count === '1' ? 'once' : `${count} times`}: ${grouped(whats)}`);
  return [
    `Heard ${heard.join('; ')}. The first two take turns; what stays resident heard a short note before where it was heard more than once.`,
    '',
    ...[...reasons].map((reason) => `- ${reason}`),
    ...(reasons.size === 0 ? [] : ['']),
  ];
}

/** `a, 3 s`, `a, 10 s`, `b, 3 s` → `a (3 s, 10 s), b (3 s)`. */
function grouped(whats: readonly string[]): string {
  const lengths = new Map<string, string[]>();
  for (const what of whats) {
    const at = what.lastIndexOf(', ');
    lengths.set(what.slice(0, at), [...(lengths.get(what.slice(0, at)) ?? []), what.slice(at + 2)]);
  }
  return [...lengths].map(([name, all]) => `${name} (${all.join(', ')})`).join(', ');
}
