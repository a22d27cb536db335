import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { Ways } from '../telegram/proxy/ways.js';

/** The ways to Telegram that are set: the proxies, or where there are none the direct one. */
export function createWays({ proxies = [] }: Pick<Config, 'proxies'>, texts: Texts, log: Logger): Ways {
  return new Ways({ proxies, texts: texts.lifecycle, log, nowMs: () => performance.now() });
}
