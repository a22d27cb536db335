import { randomBytes } from 'node:crypto';
import { Api } from 'telegram';
import type { SentCode } from '../auth-store.js';
import type { PasswordVerifier } from '../srp.js';
import { SRP_GENERATOR, SRP_PRIME } from '../srp.js';
import type { WorldUser } from '../model.js';
import type { World } from '../world.js';
import { long } from './long.js';
import { tlUser } from './peers.js';

export function tlAuthorization(world: World, user: WorldUser): Api.auth.Authorization {
  return new Api.auth.Authorization({ user: tlUser(world, user, user) });
}

export function tlExportedAuthorization(user: WorldUser, bytes: Buffer): Api.auth.ExportedAuthorization {
  return new Api.auth.ExportedAuthorization({ id: long(user.id), bytes });
}

export function tlSentCode(sent: SentCode, inApp: boolean): Api.auth.SentCode {
  const { length } = sent.code;
  return new Api.auth.SentCode({
    type: inApp ? new Api.auth.SentCodeTypeApp({ length }) : new Api.auth.SentCodeTypeSms({ length }),
    phoneCodeHash: sent.hash,
    ...(inApp ? { nextType: new Api.auth.CodeTypeSms() } : {}),
    timeout: 60,
  });
}

/** What a client needs for the password check; without a password, only what it needs to set one. */
export function tlPassword(password: (PasswordVerifier & { id: string; publicB: Buffer }) | undefined): Api.account.Password {
  const newAlgo = tlAlgorithm(Buffer.from('sandbox1'), randomBytes(16));
  return new Api.account.Password({
    hasPassword: password !== undefined,
    ...(password
      ? {
          currentAlgo: tlAlgorithm(password.salt1, password.salt2),
          srp_B: password.publicB,
          srpId: long(password.id),
          hint: 'sandbox',
        }
      : {}),
    newAlgo,
    newSecureAlgo: new Api.SecurePasswordKdfAlgoUnknown(),
    secureRandom: randomBytes(256),
  });
}

export function tlLoginToken(token: Buffer, expires: number): Api.auth.LoginToken {
  return new Api.auth.LoginToken({ expires, token });
}

function tlAlgorithm(salt1: Buffer, salt2: Buffer): Api.TypePasswordKdfAlgo {
  return new Api.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow({
    salt1,
    salt2,
    g: SRP_GENERATOR,
    p: SRP_PRIME,
  });
}
