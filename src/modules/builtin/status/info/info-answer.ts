import { errorText } from '../../../../errors.js';
import type { Answer, ModuleContext, ModuleLanguage } from '../../../contract/index.js';
import { readableDuration } from '../../../readable-duration.js';
import type { Status } from '../status-ports.js';
import type { en } from '../texts/en.js';
import type { BannerContent } from './banner-svg.js';
import { drawBanner } from './draw-banner.js';

/** A picture of what was done, with one line below it; in words where this machine cannot draw. */
export async function infoAnswer(status: Status, texts: typeof en, { language, log }: Pick<ModuleContext, 'language' | 'log'>): Promise<Answer> {
  const content = bannerContent(status, texts, language);
  const text = texts.info.caption(status.version);
  try {
    return { text, file: { name: 'gramscribe.png', mimeType: 'image/png', bytes: await drawBanner(content), as: 'photo' } };
  } catch (error) {
    log.debug(`the banner cannot be drawn: ${errorText(error)}`);
    return [text, '', ...content.figures.map(({ value, label }) => `${label}: ${value}`), content.footer].join('\n');
  }
}

export function bannerContent(status: Status, { info, units }: typeof en, language: ModuleLanguage): BannerContent {
  const { outcomes, engine } = status;
  const decimals = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const hours = status.audioMs / 3_600_000;
  const { realTimeFactor } = engine;
  return {
    version: status.version,
    tagline: info.tagline,
    figures: [
      { value: readableDuration(status.uptimeMs, units), label: info.uptime },
      { value: new Intl.NumberFormat(language).format(outcomes.text + outcomes['no-speech']), label: info.voices },
      hours < 1 ? { value: readableDuration(status.audioMs, units), label: info.audio } : { value: decimals.format(hours), label: info.hours },
      speedFigure(realTimeFactor, decimals, info),
    ],
    footer: `${engine.engine} · ${engine.model}`,
  };
}

function speedFigure(realTimeFactor: number | undefined, decimals: Intl.NumberFormat, info: (typeof en)['info']): BannerContent['figures'][number] {
  if (realTimeFactor === undefined) return { value: info.unknownSpeed, label: info.speed };
  const isFaster = realTimeFactor <= 1;
  return { value: `${decimals.format(isFaster ? 1 / realTimeFactor : realTimeFactor)}×`, label: isFaster ? info.faster : info.slower };
}
