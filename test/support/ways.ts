import type { Logger } from '../../src/log/logger.js';
import { textsFor } from '../../src/i18n/texts.js';
import { parseProxyLinks } from '../../src/telegram/proxy/parse-proxy-links.js';
import { Ways } from '../../src/telegram/proxy/ways.js';
import { silentLog } from './silent-log.js';

export interface WaysForTest {
  log?: Logger;
  nowMs?: () => number;
}

/** Ways by these proxies' links; without any, the direct one. */
export function waysBy(links: readonly string[], { log = silentLog(), nowMs = () => performance.now() }: WaysForTest = {}): Ways {
  const proxies = links.length === 0 ? [] : parseProxyLinks(links.join(' '));
  if (proxies === undefined) throw new RangeError('no links of proxies');
  return new Ways({ proxies, texts: textsFor('en').lifecycle, log, nowMs });
}
