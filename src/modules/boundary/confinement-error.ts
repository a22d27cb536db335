import { AppError } from '../../errors.js';
import type { ConfinementEnd } from './confined-program.js';

/** What a confined program threw: text of a stranger's, bounded in length. */
export interface ThrownInside {
  name: string;
  message: string;
  /** Lines of QuickJS, with the program's own file names: `    at f (code.js:3:9)`. */
  stack: string;
}

/** A call of a confined program gave no answer. */
export class ConfinementError extends AppError {
  constructor(
    /** `threw`: the program goes on. Anything else: it has ended, for good. */
    readonly reason: 'threw' | ConfinementEnd,
    message: string,
    readonly thrown?: ThrownInside,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
