import { madeBy } from '../benchmark-document.js';
import { quantile } from '../statistics.js';
import type { Invented } from './invented-words.js';
import type { Heard } from './way-of-hearing.js';

export interface QualityFigures {
  /** The ways that are compared in `rows`. */
  columns: string[];
  rows: { name: string; heard: Heard[] }[];
  mechanisms: (Record<'clean' | 'hard' | 'long', Heard> & { name: string; invented: Invented })[];
  invented: { name: string; own: Invented; sox?: Invented }[];
}

const COMMAND = 'npm run bench -- quality';

export function qualitySection({ columns, rows, mechanisms }: QualityFigures, version: string): string {
  const [everything] = mechanisms;
  const ratio = (heard: Heard, base: Heard | undefined) => (heard.tookMs / (base?.tookMs ?? NaN)).toFixed(2);
  return [
    '## Quality: words',
    '',
    madeBy(COMMAND, version),
    '',
    'Word error rate (words put in, left out or changed, per word spoken; case and marks do not count) with the bundled model, which knows 110 words: ' +
      'it says nothing about how well Whisper hears, but the sound, the way to the text and what goes wrong on it are real. ' +
      'Each row is the 12 bundled voice notes made worse in one way, or put together to long recordings; the language is not told.',
    '',
    `| the notes | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '---:').join(' | ')} |`,
    ...rows.map(({ name, heard }) => `| ${name} | ${heard.map(rate).join(' | ')} |`),
    '',
    '**What each mechanism earns**, one left out at a time: clean notes; hard ones (noise 10 dB below the voice, and 30 dB down); two recordings of 2 minutes; ' +
      `words invented in ${everything?.invented.sounds ?? 0} sounds without speech; times at the 95th percentile; time taken (clean notes and the long recordings) as a multiple of everything's. A mechanism whose row is no worse than the first earns nothing in these recordings, which is said here as it is.`,
    '',
    '| | clean | hard | 2 min | words invented | times off by | time, notes | time, 2 min |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...mechanisms.map(
      ({ name, clean, hard, long, invented }) =>
        `| ${name} | ${rate(clean)} | ${rate(hard)} | ${rate(long)} | ${invented.words} | ${late([clean, long])} | ${ratio(clean, everything?.clean)} | ${ratio(long, everything?.long)} |`,
    ),
    '',
  ].join('\n');
}

export function silenceSection({ invented }: QualityFigures, version: string): string {
  const cell = (figures: Invented | undefined) => (figures === undefined ? 'sox is not installed' : `${figures.words} in ${figures.sounds}`);
  const failed = invented.slice(1).flatMap(({ name, own, sox }) => [...own.in, ...(sox?.in ?? [])].map((sound) => `${sound} (${name})`));
  return [
    '## Quality: nothing is invented',
    '',
    madeBy(COMMAND, version),
    '',
    'Words heard in sounds in which nobody speaks: silence, noises, tones, sweeps, clicks, hum, chords, and breaths, knocks, wind, machines, birds and music, 1 to 30 s, loud and faint.',
    '',
    '| | words in our own sounds | words in sounds made by sox |',
    '| --- | ---: | ---: |',
    ...invented.map(({ name, own, sox }, index) => `| ${name} | ${cell(own)} | ${index === 0 ? '' : cell(sox)} |`),
    '',
    ...(failed.length === 0 ? [] : [`Words were invented in: ${failed.join('; ')}.`, '']),
  ].join('\n');
}

export function timesSection({ columns, rows }: QualityFigures, version: string): string {
  const cell = ({ timeErrorsMs }: Heard) =>
    timeErrorsMs.length === 0 ? '–' : `${quantile(timeErrorsMs, 0.5).toFixed(0)} / ${quantile(timeErrorsMs, 0.95).toFixed(0)} (${timeErrorsMs.length})`;
  return [
    '## Quality: times of segments',
    '',
    madeBy(COMMAND, version),
    '',
    'How far starts and ends of segments are from the truth, in ms: median / 95th percentile (how many were compared: those where a segment begins or ends with the same word as a spoken one).',
    '',
    `| the notes | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '---:').join(' | ')} |`,
    ...rows.map(({ name, heard }) => `| ${name} | ${heard.map(cell).join(' | ')} |`),
    '',
  ].join('\n');
}

/** Word error rate. */
export function rate({ words, errors }: Heard): string {
  return words === 0 ? '–' : `${((100 * errors) / words).toFixed(1)} %`;
}

function late(all: readonly Heard[]): string {
  const errors = all.flatMap(({ timeErrorsMs }) => timeErrorsMs);
  return errors.length === 0 ? '–' : `${quantile(errors, 0.95).toFixed(0)} ms`;
}
