import { sizeText } from '../../../../i18n/measure.js';

export const en = {
  about: { title: 'Backup', summary: 'settings, people and data of modules as a sealed file in Saved Messages' },
  settings: {
    passphrase: 'seals the backups; without it nobody can open them, you neither',
    every: 'how often one is made by itself',
    keep: 'how many of them stay in Saved Messages',
  },
  noPassphrase: (prefix: string) => `choose a passphrase first: ${prefix}config backup passphrase …`,
  weak: 'this passphrase is too easy to guess: 14 characters or more, best four or five random words',
  backup: {
    about: {
      summary: 'send a backup to Saved Messages',
      details: 'Settings, tracked people, aliases, rules, languages, vocabulary and what modules keep; never the session, never a secret, no transcripts.',
      examples: [{ type: 'backup', does: 'one now; on a schedule: .config backup every week' }],
    },
    done: (bytes: number) => `✅ The backup is in Saved Messages (${sizeText(bytes, 'en')})`,
    caption: (prefix: string) => `🗄 Backup, sealed with your passphrase. Answer it with ${prefix}restore`,
  },
  restore: {
    about: {
      summary: 'restore the backup that you answer',
      details: 'Shows what would change and asks; all of it is restored or nothing. Who may use what is restored only on the host: gramscribe restore FILE --with-rules.',
      examples: [{ type: 'restore', does: 'in reply to the file' }],
    },
    noFile: 'answer the message with the file of the backup',
    noPassphrase: (prefix: string) => `tell me the passphrase that it was sealed with first: ${prefix}config backup passphrase …`,
    otherPassphrase: (prefix: string) => `${prefix}config backup passphrase … sets that one`,
    rulesStay: 'Who may use what stays as it is.',
    no: '♻️ Nothing was changed.',
    done: (prefix: string) => `✅ Restored. ${prefix}restart, so that all of it counts`,
  },
};
