import { ConfigError, errorText, RetryableError } from '../errors.js';
import type { Texts } from '../i18n/texts.js';
import type { Logger } from '../log/logger.js';
import type { TelegramApp } from '../telegram/client-link.js';
import type { SessionVault } from '../telegram/session-vault.js';
import { type CodeRequestOutcome, type SignedIn, SignIn, type SignInOptions } from '../telegram/sign-in.js';
import { EXIT_CONFIG, EXIT_FAILURE } from './exit-status.js';
import type { Prompter } from './prompter.js';
import { PromptCancelledError } from './terminal-prompter.js';

export interface LoginDependencies {
  /** Under which name the session is stored. */
  accountId: string;
  app: TelegramApp;
  vault: SessionVault;
  /** Absent where there is no terminal to ask at. */
  prompter: Prompter | undefined;
  texts: Texts['login'];
  print: (line: string) => void;
  log: Logger;
  timeouts?: SignInOptions['timeouts'];
}

const PHONE_TRIES = 3;
const CODE_TRIES = 3;
const PASSWORD_TRIES = 3;

/** Signing in cannot go on; `message` is what the person is told. */
class SignInEnded extends Error {}

interface Dialogue extends LoginDependencies {
  prompter: Prompter;
  signIn: SignIn;
  signal: AbortSignal;
}

/**
 * Signs in by phone number, code and, where the account has one, password, and stores the session sealed. Resolves with
 * the exit status: 0, also where the person keeps the session that is there; 78 without a terminal; 1 where it did not
 * work, which was then said. `ConfigError` where the API id is wrong; an aborted signal's reason.
 */
export async function login(deps: LoginDependencies, signal: AbortSignal): Promise<number> {
  const { accountId, app, vault, prompter, texts, print, log, timeouts } = deps;
  if (prompter === undefined) {
    print(texts.noTerminal);
    return EXIT_CONFIG;
  }
  const signIn = new SignIn({ app, log, ...(timeouts === undefined ? {} : { timeouts }) });
  try {
    if ((await vault.has(accountId)) && !texts.yes.test((await prompter.text(texts.replaceQuestion, signal)).trim())) {
      print(texts.kept);
      return 0;
    }
    await signIn.start(signal);
    const { person, phone } = await converse({ ...deps, prompter, signIn, signal });
    await vault.store(accountId, signIn.sessionString());
    print(texts.signedIn(person.name, phone === undefined ? undefined : maskedPhone(phone)));
    print(texts.stored);
    print(texts.next);
    return 0;
  } catch (error) {
    signal.throwIfAborted();
    print(explain(error, texts));
    return EXIT_FAILURE;
  } finally {
    await signIn.stop();
  }
}

async function converse(dialogue: Dialogue): Promise<SignedIn> {
  const phone = await askPhone(dialogue);
  const { prompter, signIn, texts, print, signal } = dialogue;
  for (let left = CODE_TRIES; left > 0; ) {
    const code = (await prompter.text(texts.codeQuestion, signal)).replace(/[\s-]/g, '');
    if (code === '') {
      tellHowSent(dialogue, await signIn.requestOtherCode(signal));
      continue;
    }
    const outcome = await signIn.submitCode(code, signal);
    if (outcome.status === 'signed-in') return outcome;
    if (outcome.status === 'password-needed') return await askPassword(dialogue, outcome.hint);
    if (outcome.status === 'no-account') throw new SignInEnded(texts.noAccount);
    left -= 1;
    if (outcome.status === 'wrong-code' && left > 0) print(texts.wrongCode(left));
    if (outcome.status === 'expired-code' && left > 0) {
      print(texts.expiredCode);
      tellHowSent(dialogue, await signIn.requestCode(phone, signal));
    }
  }
  throw new SignInEnded(texts.noTriesLeft);
}

async function askPhone(dialogue: Dialogue): Promise<string> {
  const { prompter, signIn, texts, print, signal } = dialogue;
  for (let left = PHONE_TRIES; left > 0; left -= 1) {
    const phone = (await prompter.text(texts.phoneQuestion, signal)).replace(/[^\d+]/g, '');
    const outcome = phone === '' ? ({ status: 'wrong-phone' } as const) : await signIn.requestCode(phone, signal);
    if (outcome.status === 'wrong-phone') {
      print(texts.wrongPhone);
      continue;
    }
    tellHowSent(dialogue, outcome);
    return phone;
  }
  throw new SignInEnded(texts.noTriesLeft);
}

async function askPassword(dialogue: Dialogue, hint: string | undefined): Promise<SignedIn> {
  const { prompter, signIn, texts, print, signal } = dialogue;
  for (let left = PASSWORD_TRIES - 1; left >= 0; left -= 1) {
    const password = await prompter.password(texts.passwordQuestion(hint), signal);
    const outcome = await signIn.submitPassword(password, signal);
    if (outcome.status === 'signed-in') return outcome;
    if (left > 0) print(texts.wrongPassword(left));
  }
  throw new SignInEnded(texts.noTriesLeft);
}

function tellHowSent({ texts, print }: Dialogue, outcome: CodeRequestOutcome): void {
  if (outcome.status === 'wrong-phone') throw new SignInEnded(texts.wrongPhone);
  if (outcome.status === 'banned-phone') throw new SignInEnded(texts.bannedPhone);
  print(outcome.status === 'sent' ? texts.codeSent[outcome.way] : texts.noOtherWay);
}

function explain(error: unknown, texts: Texts['login']): string {
  if (error instanceof SignInEnded) return error.message;
  if (error instanceof PromptCancelledError) return texts.cancelled;
  if (error instanceof ConfigError) throw error;
  if (error instanceof RetryableError && error.retryAfterMs !== undefined) {
    return texts.floodWait(Math.ceil(error.retryAfterMs / 1000));
  }
  return texts.failed(errorText(error));
}

/** `+7…01`: enough to see which number it was. */
function maskedPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return `+${digits.slice(0, 1)}…${digits.slice(-2)}`;
}
