import { AppError } from '../../errors.js';

/**
 * A module of somebody else failed. The message tells the kind of error and where in the package it was; what the module said
 * itself is `detail`, which may quote anything and belongs into no log.
 */
export class ForeignModuleError extends AppError {
  constructor(
    what: string,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(what, options);
  }

  static of({ name, message, stack }: { name: string; message: string; stack: string }): ForeignModuleError {
    const place = /package\/[\w./-]+:\d+(:\d+)?/.exec(stack)?.[0];
    const kind = /^\w{1,40}$/.test(name) ? name : 'Error';
    return new ForeignModuleError(`${kind}${place === undefined ? '' : ` at ${place}`}`, message);
  }
}
