import type { redisKeys } from './redis-keys.js';

/** What becomes of a key in a backup: a section of it, or why it is left out. */
export type BackupPlan =
  | {
      section: string;
      type: 'hash' | 'string';
      /** One such key for each module. */
      perModule?: true;
      /** Who may use what: restored from the host's shell only. */
      isRule?: true;
    }
  | { left: string };

/** Every key of the program; a test compares it with `redisKeys`. */
export const backupPlan = {
  trackedUsers: { section: 'tracked', type: 'hash' },
  trackedChats: { section: 'tracked-chats', type: 'hash' },
  optOuts: { section: 'opt-outs', type: 'hash' },
  languages: { section: 'languages', type: 'hash' },
  vocabulary: { section: 'vocabulary', type: 'hash' },
  deliveries: { section: 'deliveries', type: 'hash' },
  models: { section: 'models', type: 'hash' },
  speakers: { section: 'speakers', type: 'hash' },
  commandLine: { section: 'command-line', type: 'hash' },
  aliases: { section: 'aliases', type: 'hash' },
  ignored: { section: 'ignored', type: 'hash' },
  moduleSwitches: { section: 'modules', type: 'hash' },
  moduleSettings: { section: 'module-settings', type: 'hash', perModule: true },
  moduleStore: { section: 'module-store', type: 'hash', perModule: true },
  moduleStoreVersion: { section: 'module-version', type: 'string', perModule: true },
  accessRules: { section: 'rules', type: 'hash', isRule: true },
  accessMembers: { section: 'groups', type: 'hash', isRule: true },
  queuePrefix: { left: 'work in hand' },
  optOutAnswer: { left: 'runs out by itself' },
  optOutAnswers: { left: 'runs out by itself' },
  updates: { left: 'how far Telegram has told this session: another one would miss messages by it' },
  backlog: { left: 'work in hand' },
  backlogQuestion: { left: 'work in hand' },
  lease: { left: 'who works with the account now' },
  leaseToken: { left: 'who works with the account now' },
  stopped: { left: 'about one session' },
  settings: { left: 'the model is chosen for a machine' },
  modelWishes: { left: 'a channel' },
  modelAnswer: { left: 'runs out by itself' },
  receipt: { left: 'what was answered stands in the chats' },
  transcript: { left: 'what people said: an archive, not a setting' },
  checkpoint: { left: 'runs out by itself' },
  outcomes: { left: 'counts of this machine' },
  deadLetters: { left: 'work in hand' },
  deadLetterTimes: { left: 'work in hand' },
  audit: { left: 'what happened here: a restore must not rewrite it' },
  auditTimes: { left: 'what happened here: a restore must not rewrite it' },
  floodWaits: { left: 'what Telegram asks of us now' },
  foreignModules: { left: 'their files are not in it: they are loaded and granted anew' },
  shownChats: { left: 'what modules of others may write to now' },
} as const satisfies Partial<Record<keyof typeof redisKeys, BackupPlan>>;
