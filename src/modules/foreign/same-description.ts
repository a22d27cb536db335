import { isDeepStrictEqual } from 'node:util';
import type { ForeignDescription } from './foreign-description.js';

/** Whether a module says the same of itself as when it was let in: a package whose bytes are the same can still draw lots. */
export function sameDescription(now: ForeignDescription, pinned: ForeignDescription): boolean {
  return isDeepStrictEqual(JSON.parse(JSON.stringify(now)), JSON.parse(JSON.stringify(pinned)));
}
