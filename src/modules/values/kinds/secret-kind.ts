import type { ValueKind } from '../value-kind.js';

/** What stands for a secret wherever it would be shown. */
export const SECRET_MASK = '••••';

const MAX_LENGTH = 4096;

/** Text that is never shown: what is written of it is the mask, which is not taken again. */
export const secretKind: ValueKind<string> = {
  read: (text) => {
    const secret = text.trim();
    return secret !== SECRET_MASK && secret.length <= MAX_LENGTH ? secret : undefined;
  },
  write: (value) => (value === '' ? '' : SECRET_MASK),
  fits: (value) => typeof value === 'string' && secretKind.read(value) === value,
  takes: (texts) => texts.takes.secret,
};
