import { lengthText, threadsText } from './speed-table.js';
import { medianMs, type SpeedResult, type SpeedRow } from './speed-result.js';

const WIDTH = 760;
const NAME_WIDTH = 230;
const BAR_WIDTH = 400;
const BAR_HEIGHT = 16;
const ROW_HEIGHT = 24;
const PANEL_GAP = 34;
const TOP = 64;

const STYLE = `
  .card { fill: #ffffff; } text { font: 13px system-ui, "Segoe UI", Roboto, sans-serif; fill: #1f2328; }
  .title { font-size: 16px; font-weight: 600; } .quiet { fill: #59636e; } .panel { font-weight: 600; }
  .bar { fill: #a8b3bf; } .limit { fill: #6b7785; } .ours { fill: #1f7a6d; } .own { font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #151b23; } text { fill: #e6edf3; } .quiet { fill: #9aa5b1; }
    .bar { fill: #566170; } .limit { fill: #8b97a5; } .ours { fill: #3fb8a5; }
  }`;

/**
 * A picture of one result, a panel a note: bars in seconds, each panel to its own scale. It has its own ground and follows
 * the reader's light or dark scheme.
 */
export function speedChart(result: SpeedResult): string {
  const rows = result.rows.filter((row) => row.outcomes.some((outcome) => outcome !== undefined && outcome.kind !== 'skipped'));
  const panels = result.seconds.map((seconds, note) => ({ seconds, rows: rows.filter(({ outcomes }) => isShown(outcomes[note])), note }));
  let top = TOP;
  const drawn = panels.map((panel) => {
    const at = top;
    top += panel.rows.length * ROW_HEIGHT + PANEL_GAP;
    return drawPanel(panel, at);
  });
  const title = `Seconds to write a voice down: model size ${result.shape}, ${threadsText(result.threads)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="${escaped(title)}">`,
    `<style>${STYLE}\n</style>`,
    `<rect class="card" width="${WIDTH}" height="${top}" rx="10"/>`,
    `<text class="title" x="24" y="34">${escaped(title)}</text>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

interface Panel {
  seconds: number;
  note: number;
  rows: readonly SpeedRow[];
}

function drawPanel({ seconds, note, rows }: Panel, top: number): string {
  const values = rows.map((row) => shownMs(row, note));
  const longest = Math.max(...values, 1);
  const bars = rows.map((row, index) => {
    const y = top + 10 + index * ROW_HEIGHT;
    const outcome = row.outcomes[note];
    const width = Math.max(2, (BAR_WIDTH * (values[index] ?? 0)) / longest);
    const kind = row.isOurs ? 'ours' : row.isLimit ? 'limit' : 'bar';
    const label = outcome?.kind === 'late' ? `> ${(outcome.limitMs / 1000).toFixed(0)} s` : `${((values[index] ?? 0) / 1000).toFixed(2)} s`;
    return [
      `<text class="${row.isOurs ? 'own' : ''}" x="${NAME_WIDTH}" y="${y + 13}" text-anchor="end">${escaped(row.name)}</text>`,
      `<rect class="${kind}" x="${NAME_WIDTH + 10}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>`,
      `<text class="${row.isOurs ? 'own' : 'quiet'}" x="${(NAME_WIDTH + 18 + width).toFixed(1)}" y="${y + 13}">${escaped(label)}</text>`,
    ].join('\n');
  });
  return [`<text class="panel" x="24" y="${top}">a note of ${lengthText(seconds)}</text>`, ...bars].join('\n');
}

function isShown(outcome: SpeedRow['outcomes'][number]): boolean {
  return outcome?.kind === 'done' || outcome?.kind === 'late';
}

/** A bar as long as the limit where it was called off there. */
function shownMs(row: SpeedRow, note: number): number {
  const outcome = row.outcomes[note];
  return outcome?.kind === 'late' ? outcome.limitMs : (medianMs(row, outcome) ?? 0);
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
