import { AppError, causeText } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import { StoreTooNewError } from '../../store/module-store.js';

/** A module took too long to start or to stop. */
export class StartTooLateError extends AppError {
  constructor(readonly deadlineMs: number) {
    super(`not done after ${deadlineMs} ms`);
  }
}

/** Why a module did not start, in words for its owner. */
export function whyNot(error: unknown, texts: Texts['modules']['didNotStart']): string {
  if (error instanceof CommandRefusal) return error.forPerson;
  if (error instanceof StartTooLateError) return texts.late(Math.ceil(error.deadlineMs / 1000));
  if (error instanceof StoreTooNewError) return texts.tooNew;
  return texts.failed(causeText(error));
}
