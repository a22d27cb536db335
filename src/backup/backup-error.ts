import { AppError } from '../errors.js';

/** Why a file cannot be restored, as its owner is told it: keys of `i18n` `restore.problems`. */
export type BackupProblem = 'other-file' | 'cut-off' | 'newer' | 'passphrase' | 'damaged' | 'content' | 'too-large';

/** The file is no backup that can be opened here. */
export class BackupError extends AppError {
  constructor(
    readonly problem: BackupProblem,
    options?: ErrorOptions,
  ) {
    super(`not a backup that can be restored: ${problem}`, options);
  }
}
