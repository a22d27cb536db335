import { backupTexts } from './texts.js';

export const backupSettings = {
  passphrase: { kind: 'secret', default: '', about: backupTexts.both((texts) => texts.settings.passphrase) },
  every: { kind: 'choice', options: ['off', 'day', 'week', 'month'], default: 'off', about: backupTexts.both((texts) => texts.settings.every) },
  keep: { kind: 'integer', min: 1, max: 50, default: 5, about: backupTexts.both((texts) => texts.settings.keep) },
} as const;
