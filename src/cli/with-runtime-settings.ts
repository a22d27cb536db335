import type { Config } from '../config/load-config.js';
import type { Logger } from '../log/logger.js';
import { RuntimeSettings } from '../store/runtime-settings.js';
import { withRedis } from './with-redis.js';

/** Gives `work` the settings that the owner chose at run time, wherever they are: see `withRedis`. */
export function withRuntimeSettings<T>(
  deps: { config: Config; log: Logger },
  work: (settings: RuntimeSettings) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return withRedis(deps, (redis) => work(new RuntimeSettings(redis)), signal);
}
