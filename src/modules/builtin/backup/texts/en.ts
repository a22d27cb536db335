import { sizeText } from '../../../../i18n/measure.js';

export const en = {
  about: { title: 'Backup', summary: 'settings, people and data of modules as a sealed file in Saved Messages' },
  settings: {
    passphrase: 'seals the backups; without it nobody can open them, you neither',
    every: 'how often one is made by itself',
    keep: 'how many of them stay in Saved Messages',
  },
  noPassphrase: (prefix: string) => `Choose a passphrase first: ${prefix}config backup passphrase …`,
  weak: 'This passphrase is too easy to guess: 14 characters or more, best four or five random words.',
  backup: {
    about: {
      summary: 'send a backup to Saved Messages',
      details: 'In it are settings, tracked people, aliases, rules, languages, vocabulary and what modules keep; no session, no secret, no transcript, no reminder.',
      examples: [{ type: 'backup', does: 'one now' }, { type: 'config backup every week', does: 'one a week, by itself' }],
    },
    done: (bytes: number) => `✅ The backup is in Saved Messages (${sizeText(bytes, 'en')})`,
    caption: (prefix: string) => `🗄 Backup, sealed with your passphrase. Reply to it with ${prefix}restore`,
  },
  restore: {
    about: {
      summary: 'restore the backup that you reply to',
      details: 'Shows what would change and asks; all of it is restored or nothing. Who may use what is restored only on the server: npm run restore -- FILE --with-rules.',
      examples: [{ type: 'restore', does: 'in reply to the file' }],
    },
    noFile: 'Reply to the message with the file of the backup.',
    noPassphrase: (prefix: string) => `First set the passphrase that it was sealed with: ${prefix}config backup passphrase …`,
    otherPassphrase: (prefix: string) => `Set that one: ${prefix}config backup passphrase …`,
    rulesStay: 'Who may use what stays as it is.',
    no: '♻️ Nothing was changed.',
    done: (prefix: string) => `✅ Restored. ${prefix}restart, so that all of it counts`,
  },
};
