/** Every key of the program in Redis. `account` ids and peer keys contain no colon. */
const PREFIX = 'gramscribe';

export const redisKeys = {
  /** BullMQ's own keys stand below this prefix. */
  queuePrefix: `${PREFIX}:queue`,
  /** Hash: user id → JSON of the tracked person. */
  trackedUsers: (account: string) => `${PREFIX}:${account}:tracked`,
  /** Hash: setting → value, for what is chosen at run time (the model …). */
  settings: `${PREFIX}:settings`,
  /** Hash of one job: what was sent for it, part by part. Field: part number, value: message id. */
  receipt: (jobId: string) => `${PREFIX}:receipt:${jobId}`,
  /** String: JSON of the transcript of one job. */
  transcript: (jobId: string) => `${PREFIX}:transcript:${jobId}`,
  /** Hash: outcome → how many voices ended so. */
  outcomes: (account: string) => `${PREFIX}:${account}:outcomes`,
};
