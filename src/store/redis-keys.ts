/** Every key of the program in Redis. `account` ids and peer keys contain no colon. */
const PREFIX = 'gramscribe';

export const redisKeys = {
  /** BullMQ's own keys stand below this prefix. */
  queuePrefix: `${PREFIX}:queue`,
  /** Hash: user id → JSON of the tracked person. */
  trackedUsers: (account: string) => `${PREFIX}:${account}:tracked`,
  /** Hash: key of a chat (`g1`, `c1`) → JSON of the chat in which everyone is tracked. */
  trackedChats: (account: string) => `${PREFIX}:${account}:tracked:chats`,
  /** Hash: user id → JSON of a person who does not want to be transcribed. */
  optOuts: (account: string) => `${PREFIX}:${account}:opt-outs`,
  /** Exists while the person was answered about it a short time ago. Runs out. */
  optOutAnswer: (account: string, person: string, what: string) => `${PREFIX}:${account}:opt-outs:answered:${person}:${what}`,
  /** Number: how many people were answered about it within this minute. Runs out. */
  optOutAnswers: (account: string) => `${PREFIX}:${account}:opt-outs:answers`,
  /** Hash: how far Telegram's updates are taken in. Fields: `common`, `channel:ID`, `seen:CHAT`. */
  updates: (account: string) => `${PREFIX}:${account}:updates`,
  /** Hash: job id → JSON of a voice that came late and is set aside until the owner decides. */
  backlog: (account: string) => `${PREFIX}:${account}:backlog`,
  /** String: JSON of the message that asks the owner about it. */
  backlogQuestion: (account: string) => `${PREFIX}:${account}:backlog:question`,
  /** String: who works with the account: token, then JSON of `LeaseHolder`. Runs out where it is not renewed. */
  lease: (account: string) => `${PREFIX}:${account}:lease`,
  /** Number: the token of the newest lease. */
  leaseToken: (account: string) => `${PREFIX}:${account}:lease:token`,
  /** Hash: `code`, `atMs` and `session` (a fingerprint) of the session that Telegram refused for good. */
  stopped: (account: string) => `${PREFIX}:${account}:stopped`,
  /** Hash: `account`, `chat:PEER` or `person:ID` → the languages that may be spoken there, as `ru,en`. */
  languages: (account: string) => `${PREFIX}:${account}:languages`,
  /** Hash: the same scopes → JSON of names and jargon. */
  vocabulary: (account: string) => `${PREFIX}:${account}:vocabulary`,
  /** Hash: the same scopes → how answers are delivered there. */
  deliveries: (account: string) => `${PREFIX}:${account}:deliveries`,
  /** Hash: the same scopes → the model by which voices are heard there; that of all the rest is in `settings`. */
  models: (account: string) => `${PREFIX}:${account}:models`,
  /** Hash: user id, or `account` for everybody → JSON of what was learned of the languages they speak. */
  speakers: (account: string) => `${PREFIX}:${account}:speakers`,
  /** Hash: setting → value, for what is chosen at run time (the model …). */
  settings: `${PREFIX}:settings`,
  /** Channel: JSON of a wish for another model. Channels know no databases, so the number is in the name. */
  modelWishes: (database: number) => `${PREFIX}:${database}:model-wishes`,
  /** List with one element, JSON: what became of a wish. Runs out after minutes. */
  modelAnswer: (wishId: string) => `${PREFIX}:model-answer:${wishId}`,
  /** Hash of one job: what was sent for it, part by part. Field: part number (`saved:` before it in Saved Messages), value: message id. */
  receipt: (jobId: string) => `${PREFIX}:receipt:${jobId}`,
  /** String: JSON of the transcript of one job. */
  transcript: (jobId: string) => `${PREFIX}:transcript:${jobId}`,
  /** Hash of one job: `fingerprint` of what shapes its text, then window number → JSON of what was heard in it. Runs out. */
  checkpoint: (jobId: string) => `${PREFIX}:checkpoint:${jobId}`,
  /** Hash: outcome → how many voices ended so. */
  outcomes: (account: string) => `${PREFIX}:${account}:outcomes`,
  /** Hash: job id → JSON of how and why its voice could not be written down. */
  deadLetters: (account: string) => `${PREFIX}:${account}:dead`,
  /** Sorted set: job id by the time at which it ended so, ms. */
  deadLetterTimes: (account: string) => `${PREFIX}:${account}:dead:times`,
  /** Hash: what the owner permitted to others, rule by rule; `seeded` where the ready-made ones were put in. */
  accessRules: (account: string) => `${PREFIX}:${account}:access:rules`,
  /** Hash: `GROUP PERSON` → JSON of somebody in a group of people. */
  accessMembers: (account: string) => `${PREFIX}:${account}:access:members`,
  /** Hash: entries of one class of the audit list, by id. */
  audit: (account: string, kept: string) => `${PREFIX}:${account}:audit:${kept}`,
  /** Sorted set: the ids of those entries by when it last happened, ms. */
  auditTimes: (account: string, kept: string) => `${PREFIX}:${account}:audit:${kept}:times`,
  /** Sorted set: what Telegram asked to wait for → until when, ms since 1970. */
  floodWaits: (account: string) => `${PREFIX}:${account}:waits`,
  /** Hash: a module's setting → JSON of what was chosen, or `sealed:` and a sealed secret. */
  moduleSettings: (account: string, module: string) => `${PREFIX}:${account}:module:${module}:settings`,
  /** Hash: `prefix` (JSON, with the configured one that it replaces) and `language` of commands, where the owner chose. */
  commandLine: (account: string) => `${PREFIX}:${account}:command-line`,
  /** Hash: alias → the command that it stands for, without the prefix. */
  aliases: (account: string) => `${PREFIX}:${account}:aliases`,
  /** Hash: a chat or person that was put aside (`u1`, `g1`, `c1`) → JSON of the name and since when. */
  ignored: (account: string) => `${PREFIX}:${account}:ignored`,
  /** Hash: module → `on` or `off`, where the owner has chosen. */
  moduleSwitches: (account: string) => `${PREFIX}:${account}:modules`,
  /** Hash: a module's own key → JSON. */
  moduleStore: (account: string, module: string) => `${PREFIX}:${account}:module:${module}:store`,
  /** Hash: name of a module of somebody else → JSON of what was pinned of it and granted to it. */
  foreignModules: (account: string) => `${PREFIX}:${account}:foreign-modules`,
  /** Sorted set: the chats that such a module was shown a message of, by when last. */
  shownChats: (account: string, module: string) => `${PREFIX}:${account}:module:${module}:shown`,
  /** Number: the version of what is in that store. */
  moduleStoreVersion: (account: string, module: string) => `${PREFIX}:${account}:module:${module}:version`,
};
