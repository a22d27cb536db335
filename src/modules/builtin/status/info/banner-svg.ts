/** What stands on the banner; all of it short. */
export interface BannerContent {
  version: string;
  tagline: string;
  /** Four of them. */
  figures: readonly { value: string; label: string }[];
  footer: string;
}

export const BANNER = { width: 1280, height: 640 } as const;

const BARS = 72;
const TILE = { left: 72, top: 366, width: 268, height: 150, gap: 21 } as const;
/** A longer value is set smaller, so that it stays on its tile. */
const VALUE_SIZE = 60;
const VALUE_LENGTH = 6;

/** The banner of `.info`: a wave that becomes lines of text, and below it four figures. */
export function bannerSvg({ version, tagline, figures, footer }: BannerContent): string {
  const { width, height } = BANNER;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Inter">
<defs>
<linearGradient id="ground" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#0b1220"/><stop offset=".55" stop-color="#10233b"/><stop offset="1" stop-color="#0d3b46"/></linearGradient>
<linearGradient id="wave" gradientUnits="userSpaceOnUse" x1="72" y1="0" x2="1208" y2="0"><stop offset="0" stop-color="#8b7bff"/><stop offset=".5" stop-color="#4cc3ff"/><stop offset="1" stop-color="#4df0c0"/></linearGradient>
<linearGradient id="badge" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#8b7bff"/><stop offset=".5" stop-color="#4cc3ff"/><stop offset="1" stop-color="#4df0c0"/></linearGradient>
<radialGradient id="glow" cx=".82" cy=".12" r=".6"><stop offset="0" stop-color="#3fb8ff" stop-opacity=".30"/><stop offset="1" stop-color="#3fb8ff" stop-opacity="0"/></radialGradient>
<radialGradient id="violet" cx=".05" cy="1" r=".6"><stop offset="0" stop-color="#7a5cff" stop-opacity=".28"/><stop offset="1" stop-color="#7a5cff" stop-opacity="0"/></radialGradient>
</defs>
<rect width="${width}" height="${height}" fill="url(#ground)"/>
<rect width="${width}" height="${height}" fill="url(#glow)"/>
<rect width="${width}" height="${height}" fill="url(#violet)"/>
${microphone()}
<text x="176" y="122" font-size="62" font-weight="700" fill="#ffffff" letter-spacing="-1.5">Gramscribe</text>
<text x="178" y="164" font-size="27" font-weight="500" fill="#a9c4d8">${escaped(tagline)}</text>
<text x="1208" y="118" font-size="25" font-weight="500" fill="#7fd8ff" text-anchor="end">${escaped(version)}</text>
<g fill="url(#wave)">${wave()}</g>
${figures.map(tile).join('\n')}
<text x="72" y="586" font-size="23" font-weight="500" fill="#7e9bb1">${escaped(footer)}</text>
</svg>`;
}

function microphone(): string {
  return `<rect x="72" y="72" width="84" height="84" rx="24" fill="url(#badge)"/>
<g fill="none" stroke="#0b1a2b" stroke-width="5.5" stroke-linecap="round"><rect x="103" y="90" width="22" height="33" rx="11" fill="#0b1a2b"/><path d="M93 113a21 21 0 0 0 42 0M114 134v7"/></g>`;
}

/** Loud at the left; to the right it calms down into a line, as speech that has become text. */
function wave(): string {
  const { width } = BANNER;
  const step = (width - 2 * TILE.left) / BARS;
  return Array.from({ length: BARS }, (_, index) => {
    const along = index / (BARS - 1);
    const swing = Math.abs(Math.sin(index * 0.55) * 0.6 + Math.sin(index * 0.23 + 1) * 0.5 + Math.sin(index * 1.7) * 0.25);
    const height = 10 + 104 * Math.min(1, swing) * (1 - along) ** 0.7;
    const x = TILE.left + index * step;
    return `<rect x="${x.toFixed(1)}" y="${(264 - height / 2).toFixed(1)}" width="${(step * 0.5).toFixed(1)}" height="${height.toFixed(1)}" rx="4.4" opacity="${(0.95 - along * 0.35).toFixed(2)}"/>`;
  }).join('');
}

function tile({ value, label }: { value: string; label: string }, index: number): string {
  const x = TILE.left + index * (TILE.width + TILE.gap);
  const size = Math.round(VALUE_SIZE * Math.min(1, VALUE_LENGTH / value.length) ** 0.75);
  return `<rect x="${x}" y="${TILE.top}" width="${TILE.width}" height="${TILE.height}" rx="22" fill="#ffffff" fill-opacity=".07" stroke="#ffffff" stroke-opacity=".14"/>
<text x="${x + 26}" y="${TILE.top + 80}" font-size="${size}" font-weight="700" fill="#ffffff" letter-spacing="-1">${escaped(value)}</text>
<text x="${x + 27}" y="${TILE.top + 120}" font-size="24" font-weight="500" fill="#a9c4d8">${escaped(label)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
