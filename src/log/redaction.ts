/**
 * Field names that never reach a log, at any level: credentials, and what people say to each other. pino redacts by
 * path, so each name is given for the first three levels of depth.
 */
const SECRET_FIELDS = [
  'session',
  'stringSession',
  'telegramSession',
  'authKey',
  'phone',
  'phoneNumber',
  'phoneCode',
  'phoneCodeHash',
  'loginCode',
  'password',
  'passphrase',
  'sessionPassphrase',
  'apiHash',
  'redisUrl',
  'proxies',
  'secret',
  'text',
  'caption',
  'transcript',
  'segments',
  'words',
  'partialText',
];

export const redaction = {
  paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
  censor: '[redacted]',
};
