import type { Config } from '../config/load-config.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import { nameOfProxy } from '../telegram/proxy/proxy-server.js';
import { reachDataCentre } from '../telegram/reach-data-centre.js';
import { loadTestDataCentres } from '../telegram/test-data-centres.js';
import { createWays } from './create-ways.js';
import type { ProxyProbe } from './doctor/proxy-checks.js';

const DEADLINE_MS = 10_000;

/** How each proxy that is set can be tried by itself. */
export function proxyProbes(config: Config, texts: Texts, log: Logger): ProxyProbe[] {
  const { proxies = [], testDc: addresses, testDcKey } = config;
  const testDc = addresses === undefined ? undefined : loadTestDataCentres(addresses, testDcKey ?? '');
  // What becomes of it is the doctor's to say.
  const quiet = log.child({}, { level: 'fatal' });
  return proxies.map((proxy) => ({
    name: nameOfProxy(proxy),
    reach: (signal) => {
      const app = { testDc, ways: createWays({ proxies: [proxy] }, texts, quiet) };
      return reachDataCentre({ app, session: '', deadlineMs: DEADLINE_MS, log: quiet }, signal);
    },
  }));
}
