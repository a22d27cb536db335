import { fileURLToPath } from 'node:url';
import { bannerSvg, type BannerContent } from './banner-svg.js';

/** The same place seen from src and from dist. */
const FONTS = fileURLToPath(new URL('../../../../../src/modules/builtin/status/fonts/', import.meta.url));

/** The banner as a PNG, drawn by a thread of its own with our fonts alone: the machine may have none. */
export async function drawBanner(content: BannerContent): Promise<Uint8Array> {
  // Native code, which some machine may lack: only this command is to miss it.
  const { renderAsync } = await import('@resvg/resvg-js');
  const picture = await renderAsync(bannerSvg(content), {
    font: { loadSystemFonts: false, fontFiles: [`${FONTS}inter-medium.ttf`, `${FONTS}inter-bold.ttf`], defaultFontFamily: 'Inter' },
    logLevel: 'off',
  });
  return picture.asPng();
}
