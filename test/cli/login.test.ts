import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { login, type LoginDependencies } from '../../src/cli/login.js';
import type { Prompter } from '../../src/cli/prompter.js';
import { PromptCancelledError } from '../../src/cli/terminal-prompter.js';
import { textsFor } from '../../src/i18n/texts.js';
import { Sandbox } from '../../src/sandbox/sandbox.js';
import { GramjsGateway } from '../../src/telegram/gramjs-gateway.js';
import { SessionVault } from '../../src/telegram/session-vault.js';
import { parseTestDataCentres } from '../../src/telegram/test-data-centres.js';
import { recordedLog, silentLog } from '../support/silent-log.js';
import { updatesTo } from '../telegram/support/updates-to.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { waysBy } from '../support/ways.js';

const never = new AbortController().signal;
const texts = textsFor('en').login;
const PHONE = '+7 (999) 000-00-01';
const DIGITS = '79990000001';

type Answer = string | (() => string);

interface Desk {
  sandbox: Sandbox;
  deps: LoginDependencies;
  vault: SessionVault;
  printed: string[];
  asked: string[];
  logged: Record<string, unknown>[];
}

/** Everything that a sign-in needs, with a person who gives these answers in turn and then presses Ctrl-C. */
async function atTheTerminal(answers: Answer[]): Promise<Desk> {
  const sandbox = await Sandbox.start({ log: silentLog() });
  onTestFinished(() => sandbox.stop());
  const vault = new SessionVault({ folder: join(await temporaryFolder(), 'session'), passphrase: 'vault' });
  const printed: string[] = [];
  const asked: string[] = [];
  const ask = (question: string): Promise<string> => {
    asked.push(question);
    const answer = answers.shift();
    if (answer === undefined) return Promise.reject(new PromptCancelledError('cancelled'));
    return Promise.resolve(typeof answer === 'string' ? answer : answer());
  };
  const prompter: Prompter = { text: ask, password: ask };
  const { log, lines: logged } = recordedLog();
  const testDc = parseTestDataCentres(sandbox.testDc, sandbox.publicKeyPem);
  const deps: LoginDependencies = {
    ...{ accountId: 'main', app: { apiId: 1, apiHash: 'hash', testDc, ways: waysBy([]) }, vault, prompter, texts, log },
    print: (line) => void printed.push(line),
  };
  return { sandbox, deps, vault, printed, asked, logged };
}

describe('login', () => {
  it('signs in with phone and code, and stores a session that the daemon can use', async () => {
    const answers: Answer[] = [PHONE];
    const { sandbox, deps, vault, printed, logged } = await atTheTerminal(answers);
    const user = sandbox.addUser({ firstName: 'Olga', lastName: 'Owner', phone: DIGITS });
    const code = (): string => sandbox.codeFor(DIGITS) ?? '';
    let typed = '';
    answers.push(() => (typed = code()));
    expect(await login(deps, never)).toBe(0);
    expect(printed).toEqual([texts.codeSent.sms, texts.signedIn('Olga Owner', '+7…01'), texts.stored, texts.next]);
    const session = await vault.load('main');
    const gateway = new GramjsGateway({
      ...{ accountId: 'main', ...deps.app, session: session ?? '', log: silentLog(), updates: () => updatesTo(() => undefined) },
    });
    onTestFinished(() => gateway.disconnect());
    await gateway.connect(never);
    expect(gateway.self.peer.id).toBe(user.id);
    const everything = JSON.stringify([printed, logged]);
    for (const secret of [session ?? 'none', DIGITS]) expect(everything).not.toContain(secret);
    expect(typed).toMatch(/^\d{5}$/);
    expect(everything).not.toMatch(new RegExp(`\\b${typed}\\b`));
  });

  it('asks for the password where the account has one, and again where it was wrong', async () => {
    const answers: Answer[] = [PHONE];
    const { sandbox, deps, vault, printed } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS, twoFactorPassword: 'correct horse' });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '', 'wrong', 'correct horse');
    expect(await login(deps, never)).toBe(0);
    expect(printed).toContain(texts.wrongPassword(2));
    expect(await vault.load('main')).toBeDefined();
  });

  it('stops after three wrong passwords, and stores nothing', async () => {
    const answers: Answer[] = [PHONE];
    const { sandbox, deps, vault, printed } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS, twoFactorPassword: 'correct horse' });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '', 'a', 'b', 'c');
    expect(await login(deps, never)).toBe(1);
    expect(printed.at(-1)).toBe(texts.noTriesLeft);
    expect(await vault.load('main')).toBeUndefined();
  });

  it('lets a wrong code be typed again, three times in all', async () => {
    const answers: Answer[] = [PHONE, '00000', '00000'];
    const { sandbox, deps, printed } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '');
    expect(await login(deps, never)).toBe(0);
    expect(printed).toContain(texts.wrongCode(2));
    expect(printed).toContain(texts.wrongCode(1));
  });

  it('asks for the phone number again where Telegram does not know it', async () => {
    const answers: Answer[] = ['', '12', PHONE];
    const { sandbox, deps, printed } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '');
    expect(await login(deps, never)).toBe(0);
    expect(printed.filter((line) => line === texts.wrongPhone)).toHaveLength(2);
  });

  it('has the code sent again at an empty line', async () => {
    const answers: Answer[] = [PHONE, ''];
    const { sandbox, deps } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '');
    expect(await login(deps, never)).toBe(0);
    expect(sandbox.rpcLog.calls('auth.resendCode')).toHaveLength(1);
  });

  it('sends a new code where the typed one has expired', async () => {
    const answers: Answer[] = [PHONE, '12345'];
    const { sandbox, deps, printed } = await atTheTerminal(answers);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    sandbox.faults.failNext('auth.signIn', { code: 400, message: 'PHONE_CODE_EXPIRED' });
    answers.push(() => sandbox.codeFor(DIGITS) ?? '');
    expect(await login(deps, never)).toBe(0);
    expect(printed).toContain(texts.expiredCode);
    expect(sandbox.rpcLog.calls('auth.sendCode')).toHaveLength(2);
  });

  it('says in words how long Telegram asks to wait', async () => {
    const { sandbox, deps, printed } = await atTheTerminal([PHONE]);
    sandbox.faults.failNext('auth.sendCode', { code: 420, message: 'FLOOD_WAIT_30' });
    expect(await login(deps, never)).toBe(1);
    expect(printed).toEqual(['Telegram asks to wait 30 s before the next try.']);
  });

  it('says that a number without an account has to sign up elsewhere', async () => {
    const answers: Answer[] = ['+79995554433'];
    const { sandbox, deps, printed } = await atTheTerminal(answers);
    answers.push(() => sandbox.codeFor('79995554433') ?? '12345');
    sandbox.faults.failNext('auth.signIn', { code: 400, message: 'PHONE_NUMBER_UNOCCUPIED' });
    expect(await login(deps, never)).toBe(1);
    expect(printed.at(-1)).toBe(texts.noAccount);
  });

  it('keeps the stored session unless the person says yes', async () => {
    const answers: Answer[] = ['n'];
    const { sandbox, deps, vault, printed, asked } = await atTheTerminal(answers);
    const user = sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    const before = sandbox.stringSession(user);
    await vault.store('main', before);
    expect(await login(deps, never)).toBe(0);
    expect(printed).toEqual([texts.kept]);
    expect(await vault.load('main')).toBe(before);
    answers.push('y', PHONE, () => sandbox.codeFor(DIGITS) ?? '');
    expect(await login(deps, never)).toBe(0);
    expect(asked[0]).toBe(texts.replaceQuestion);
    expect(await vault.load('main')).not.toBe(before);
  });

  it('stores nothing when it is cancelled, and says so', async () => {
    const { sandbox, deps, vault, printed } = await atTheTerminal([PHONE]);
    sandbox.addUser({ firstName: 'Olga', phone: DIGITS });
    expect(await login(deps, never)).toBe(1);
    expect(printed.at(-1)).toBe(texts.cancelled);
    expect(await vault.has('main')).toBe(false);
  });

  it('says that it needs a terminal, with the status for "the owner has to do something"', async () => {
    const { deps, printed } = await atTheTerminal([]);
    expect(await login({ ...deps, prompter: undefined }, never)).toBe(78);
    expect(printed).toEqual([texts.noTerminal]);
  });
});
