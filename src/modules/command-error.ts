import { AppError } from '../errors.js';

/** The owner asked for something that cannot be done; `forOwner` says what was wrong, in their language. */
export class CommandError extends AppError {
  constructor(
    readonly forOwner: string,
    options?: ErrorOptions,
  ) {
    super('a command was refused', options);
  }
}
