import type { BackupSections } from './backup-content.js';

/** What restoring a section would do, in names of what is kept in it. */
export interface SectionChange {
  section: string;
  added: readonly string[];
  changed: readonly string[];
  removed: readonly string[];
}

export interface RestoreOptions {
  /** Who may use what is restored too: from the host's shell only. */
  withRules: boolean;
}

/** All that is kept of an account and belongs into a backup, as sections. */
export interface AccountState {
  read(): Promise<BackupSections>;
  /** What would be otherwise afterwards. @throws BackupError where the sections are none of this program's */
  compare(sections: BackupSections, options: RestoreOptions): Promise<SectionChange[]>;
  /** Puts them in the place of what is there: all of it or nothing. What the backup does not speak of stays. */
  apply(sections: BackupSections, options: RestoreOptions): Promise<void>;
}
