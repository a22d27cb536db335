import type { Service } from './service-group.js';

/** A service made of two functions. */
export function asService(name: string, stop: () => Promise<void>, start?: () => Promise<void> | void): Service {
  return { name, start: async () => start?.(), stop };
}
