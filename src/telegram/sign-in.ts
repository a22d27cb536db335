import { Api } from 'telegram';
import { computeCheck } from 'telegram/Password.js';
import { AppError, ConfigError, RetryableError } from '../errors.js';
import type { Logger } from '../log/logger.js';
import { personOf } from './address-book.js';
import { ClientLink, type TelegramApp } from './client-link.js';
import { defaultTimeouts, type GatewayTimeouts } from './connection-cycle.js';
import { FIRST_DATA_CENTRE } from './first-data-centre.js';
import { rpcErrorCode } from './rpc-errors.js';
import type { Person } from './telegram-gateway.js';

export interface SignInOptions {
  app: TelegramApp;
  log: Logger;
  timeouts?: Partial<GatewayTimeouts>;
}

export type CodeRequestOutcome =
  | { status: 'sent'; way: 'app' | 'sms' | 'call' | 'email' | 'other' }
  | { status: 'wrong-phone' }
  | { status: 'banned-phone' }
  /** Telegram has no other way left to send this code. */
  | { status: 'no-other-way' };

export interface SignedIn {
  status: 'signed-in';
  person: Person;
  /** International, digits only; absent where Telegram does not tell. */
  phone?: string;
}

export type CodeOutcome =
  | SignedIn
  | { status: 'password-needed'; hint?: string }
  | { status: 'wrong-code' }
  | { status: 'expired-code' }
  /** The number has no account; making one is for Telegram's own apps. */
  | { status: 'no-account' };

export type PasswordOutcome = SignedIn | { status: 'wrong-password' };

/**
 * The steps of signing in with a phone number (https://core.telegram.org/api/auth), one method each. What the person can
 * put right is an outcome; everything else is an error: `RetryableError` (network, or a flood wait with
 * `retryAfterMs`), `ConfigError` (the API id). A session that is given up before it is signed in is worth nothing.
 */
export class SignIn {
  private readonly link: ClientLink;
  private readonly callMs: number;
  private pending: { phone: string; codeHash: string } | undefined;

  constructor(private readonly options: SignInOptions) {
    const timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.callMs = timeouts.callMs;
    const { app, log } = options;
    // Telegram says PHONE_MIGRATE_n where the number belongs elsewhere, and the library follows.
    const dataCentre = FIRST_DATA_CENTRE;
    this.link = new ClientLink({ app, session: '', dataCentre, reconnecting: 'library', timeouts, log });
  }

  async start(signal: AbortSignal): Promise<void> {
    await this.link.connect(signal);
  }

  /** Idempotent. The session stays valid. */
  async stop(): Promise<void> {
    await this.link.close();
  }

  /** The signed-in session. A secret: for the vault alone. */
  sessionString(): string {
    return this.link.sessionString();
  }

  /** Has a code sent to this number; any writing of it that has all its digits. */
  async requestCode(phone: string, signal: AbortSignal): Promise<CodeRequestOutcome> {
    const { apiId, apiHash } = this.options.app;
    const settings = new Api.CodeSettings({});
    const request = (): Api.auth.SendCode => new Api.auth.SendCode({ phoneNumber: phone, apiId, apiHash, settings });
    return await this.requested(phone, async () => {
      try {
        return await this.call(request(), signal);
      } catch (error) {
        if (codeOf(error) !== 'AUTH_RESTART') throw error;
        return await this.call(request(), signal);
      }
    });
  }

  /** Has the code sent in another way, where Telegram has one. */
  async requestOtherCode(signal: AbortSignal): Promise<CodeRequestOutcome> {
    const { phone, codeHash } = this.requestedCode();
    return await this.requested(phone, () =>
      this.call(new Api.auth.ResendCode({ phoneNumber: phone, phoneCodeHash: codeHash }), signal),
    );
  }

  async submitCode(code: string, signal: AbortSignal): Promise<CodeOutcome> {
    const { phone, codeHash } = this.requestedCode();
    try {
      const request = new Api.auth.SignIn({ phoneNumber: phone, phoneCodeHash: codeHash, phoneCode: code });
      return signedIn(await this.call(request, signal)) ?? { status: 'no-account' };
    } catch (error) {
      switch (codeOf(error)) {
        case 'SESSION_PASSWORD_NEEDED':
          return await this.passwordNeeded(signal);
        case 'PHONE_CODE_INVALID':
        case 'PHONE_CODE_EMPTY':
          return { status: 'wrong-code' };
        case 'PHONE_CODE_EXPIRED':
          return { status: 'expired-code' };
        case 'PHONE_NUMBER_UNOCCUPIED':
          return { status: 'no-account' };
        default:
          throw error;
      }
    }
  }

  /** The second factor, by SRP: the password itself does not leave the machine. */
  async submitPassword(password: string, signal: AbortSignal): Promise<PasswordOutcome> {
    const parameters = await this.call(new Api.account.GetPassword(), signal);
    try {
      const check = new Api.auth.CheckPassword({ password: await computeCheck(parameters, password) });
      const done = signedIn(await this.call(check, signal));
      if (done === undefined) throw new AppError('Telegram asks for a sign-up after a password');
      return done;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'PASSWORD_HASH_INVALID') return { status: 'wrong-password' };
      if (code === 'SRP_ID_INVALID') throw new RetryableError('the password changed meanwhile', undefined, { cause: error });
      throw error;
    }
  }

  private async passwordNeeded(signal: AbortSignal): Promise<CodeOutcome> {
    const { hint } = await this.call(new Api.account.GetPassword(), signal);
    return { status: 'password-needed', ...(hint == null ? {} : { hint }) };
  }

  private async requested(phone: string, send: () => Promise<Api.auth.TypeSentCode>): Promise<CodeRequestOutcome> {
    try {
      const sent = await send();
      if (!(sent instanceof Api.auth.SentCode)) throw new AppError(`Telegram answered ${sent.className} to a code request`);
      this.pending = { phone, codeHash: sent.phoneCodeHash };
      return { status: 'sent', way: wayOf(sent.type) };
    } catch (error) {
      switch (codeOf(error)) {
        case 'PHONE_NUMBER_INVALID':
          return { status: 'wrong-phone' };
        case 'PHONE_NUMBER_BANNED':
          return { status: 'banned-phone' };
        case 'SEND_CODE_UNAVAILABLE':
          return { status: 'no-other-way' };
        case 'API_ID_INVALID':
        case 'API_ID_PUBLISHED_FLOOD':
          throw new ConfigError(['TELEGRAM_API_ID, TELEGRAM_API_HASH: Telegram does not accept this pair; see https://my.telegram.org']);
        case 'PHONE_NUMBER_FLOOD':
        case 'PHONE_PASSWORD_FLOOD':
          throw new RetryableError('Telegram: too many attempts with this number', undefined, { cause: error });
        default:
          throw error;
      }
    }
  }

  private requestedCode(): { phone: string; codeHash: string } {
    if (this.pending === undefined) throw new AppError('no code was requested');
    return this.pending;
  }

  private async call<R extends Api.AnyRequest>(request: R, signal: AbortSignal): Promise<R['__response']> {
    return await this.link.call(request, { deadlineMs: this.callMs, signals: [signal] });
  }
}

function codeOf(error: unknown): string | undefined {
  return rpcErrorCode(error instanceof Error ? error.cause : undefined);
}

function signedIn(authorization: Api.auth.TypeAuthorization): SignedIn | undefined {
  if (!(authorization instanceof Api.auth.Authorization) || !(authorization.user instanceof Api.User)) return undefined;
  const { user } = authorization;
  return { status: 'signed-in', person: personOf(user), ...(user.phone == null ? {} : { phone: user.phone }) };
}

function wayOf(type: Api.auth.TypeSentCodeType): Extract<CodeRequestOutcome, { status: 'sent' }>['way'] {
  if (type instanceof Api.auth.SentCodeTypeApp) return 'app';
  if (type instanceof Api.auth.SentCodeTypeSms) return 'sms';
  if (type instanceof Api.auth.SentCodeTypeCall) return 'call';
  if (type instanceof Api.auth.SentCodeTypeEmailCode) return 'email';
  return 'other';
}
