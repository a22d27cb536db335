import type { Config } from './config/load-config.js';
import type { Texts } from './i18n/texts.js';
import type { Logger } from './log/logger.js';
import { systemClock } from './supervisor/clock.js';
import { Heartbeat } from './supervisor/heartbeat.js';
import type { Service } from './supervisor/service-group.js';
import type { SystemdEnvironment } from './supervisor/systemd-environment.js';
import { SystemdNotifier } from './supervisor/systemd-notifier.js';
import { HealthServer } from './web/health-server.js';
import type { VitalSigns } from './web/readiness.js';

export interface HealthReportsDependencies {
  config: Pick<Config, 'dataDir' | 'healthPort'>;
  signs: VitalSigns;
  /** Set where systemd started the daemon and wants to be told. */
  systemd: SystemdEnvironment | undefined;
  texts: Texts['lifecycle'];
  log: Logger;
}

const HEARTBEAT_MS = 15_000;
/** A connection that stands and was not probed for so long: the loop that probes it is stuck, and only a new start helps. */
const PROBE_STUCK_MS = 30 * 60_000;

/** Part of the composition root: what tells the machine how the daemon is, in the order of their start. */
export function healthReports({ config, signs, systemd, texts, log }: HealthReportsDependencies): Service[] {
  const { healthPort: port, dataDir: folder } = config;
  const server = port === 0 ? undefined : new HealthServer({ port, signs, texts, log });
  const heartbeat = new Heartbeat({
    folder,
    everyMs: HEARTBEAT_MS,
    state: () => (signs.connected() ? 'connected' : 'connecting'),
    port: () => server?.port,
    nowMs: () => systemClock.nowMs(),
    log,
  });
  const status = (): string => (signs.connected() ? texts.connected : texts.connecting);
  const notifier = systemd && new SystemdNotifier({ systemd, status, wedged: () => wedged(signs, texts), texts, log });
  return [server, heartbeat, notifier].filter((service) => service !== undefined);
}

/** Why only a new process helps; undefined as long as there is no such reason. Being offline is none. */
export function wedged(signs: Pick<VitalSigns, 'connected' | 'silentForMs'>, texts: Texts['lifecycle']): string | undefined {
  const silentMs = signs.silentForMs() ?? 0;
  return signs.connected() && silentMs > PROBE_STUCK_MS ? texts.probeStands(Math.round(silentMs / 60_000)) : undefined;
}
