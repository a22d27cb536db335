import { createHash } from 'node:crypto';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { locksDir, projectRoot } from './paths.mjs';

/**
 * Runs `work` while no other set-up changes `node_modules` or `dist` of this checkout.
 *
 * @template T
 * @param {import('./setup-step.mjs').StepContext} context
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function withCheckoutLock({ environment, texts, progress, signal }, work) {
  const id = createHash('sha256').update(projectRoot).digest('hex').slice(0, 12);
  const file = path.join(locksDir(environment.cache), `checkout-${id}.lock`);
  return withLock(file, work, { onWait: ({ pid }) => progress.say(texts.waiting(pid)), signal });
}
