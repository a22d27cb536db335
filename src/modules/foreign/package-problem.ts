import { AppError } from '../../errors.js';
import type { Texts } from '../../i18n/texts.js';
import { oneLine } from '../one-line.js';

const MAX_DETAIL = 300;

/** What a person reads of each is in `i18n` under the same name. */
export type PackageProblemCode = keyof Texts['foreignModules']['problems'];

/** A package cannot be taken as it is; `detail` names the file, the line or the figure that it is about. */
export class PackageProblem extends AppError {
  constructor(
    readonly code: PackageProblemCode,
    readonly detail = '',
    options?: ErrorOptions,
  ) {
    super(`the package cannot be taken: ${code}${detail === '' ? '' : ` (${detail})`}`, options);
  }

  /** In one line, with what to do about it: of what the package has written itself, as much as cannot be taken for our words. */
  inWords(texts: Texts['foreignModules']): string {
    return texts.problems[this.code](oneLine(this.detail, MAX_DETAIL));
  }
}
