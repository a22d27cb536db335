import type { Config } from './load-config.js';
import { settings, type Setting } from './settings.js';

/** What is shorter stands in too many other words to be looked for. */
const SHORTEST = 6;

/** The configuration's secrets as they are written, for whoever keeps them out of what is shown. */
export function secretValues(config: Config): string[] {
  const secret = (Object.entries(settings) as [keyof typeof settings, Setting<unknown>][]).filter(([, setting]) => setting.secret === true);
  return secret.flatMap(([key]) => [config[key]].flat()).filter((value): value is string => typeof value === 'string' && value.length >= SHORTEST);
}
