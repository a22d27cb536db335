/** Why Telegram stopped an account, as far as the advice differs. */
export type AccountStopKind = 'signed-out' | 'duplicated' | 'deactivated' | 'frozen' | 'moved';

/** What Telegram's code means for the person who has to act. */
export function accountStopKind(code: string): AccountStopKind {
  if (code === 'AUTH_KEY_DUPLICATED') return 'duplicated';
  if (code.startsWith('USER_DEACTIVATED')) return 'deactivated';
  if (code.startsWith('FROZEN')) return 'frozen';
  if (code.startsWith('USER_MIGRATE')) return 'moved';
  return 'signed-out';
}
