import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Api } from 'telegram';
import type { TelegramClient } from 'telegram';
import { computeCheck } from 'telegram/Password.js';
import { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { SandboxUser } from '../../../src/sandbox/control/views.js';
import { silentLog } from '../../support/silent-log.js';
import { SandboxClients, UpdateInbox } from '../support/sandbox-client.js';

const PHONE = '79000000001';
const LOCKED_PHONE = '79000000002';
const PASSWORD = 'correct horse';

let sandbox: Sandbox;
let owner: SandboxUser;
let nowMs = Date.now();
const clients = new SandboxClients(() => sandbox);

beforeAll(async () => {
  sandbox = await Sandbox.start({ log: silentLog(), now: () => nowMs });
  owner = sandbox.addUser({ firstName: 'Olga', phone: `+${PHONE}` });
  sandbox.addUser({ firstName: 'Locked', phone: LOCKED_PHONE, twoFactorPassword: PASSWORD });
});

afterEach(() => clients.closeAll());
afterAll(() => sandbox.stop());

function sendCode(client: TelegramClient, phoneNumber = PHONE) {
  const settings = new Api.CodeSettings({});
  return client.invoke(new Api.auth.SendCode({ phoneNumber, apiId: 1, apiHash: 'hash', settings })) as Promise<Api.auth.SentCode>;
}

function signIn(client: TelegramClient, { phoneCodeHash }: Api.auth.SentCode, phoneCode: string, phoneNumber = PHONE) {
  return client.invoke(new Api.auth.SignIn({ phoneNumber, phoneCodeHash, phoneCode }));
}

async function giveCode(client: TelegramClient, phone: string) {
  const sent = await sendCode(client, phone);
  return signIn(client, sent, sandbox.codeFor(phone)!, phone);
}

describe('signing in', () => {
  it('refuses everything else before it', async () => {
    const client = await clients.connect();
    await expect(client.invoke(new Api.updates.GetState())).rejects.toMatchObject({
      code: 401,
      errorMessage: 'AUTH_KEY_UNREGISTERED',
    });
  });

  it('takes the right code, once, on a key that the client has made itself', async () => {
    const client = await clients.connect('');
    const sent = await sendCode(client);
    expect(sent.type).toBeInstanceOf(Api.auth.SentCodeTypeSms);
    const code = sandbox.codeFor(PHONE)!;
    const authorization = (await signIn(client, sent, code)) as Api.auth.Authorization;
    expect(authorization.user.id.toString()).toBe(owner.id);
    await expect(client.invoke(new Api.updates.GetState())).resolves.toBeInstanceOf(Api.updates.State);
    await expect(signIn(client, sent, code)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_EXPIRED' });
  });

  it('refuses a wrong code, and after five of them the right one', async () => {
    const client = await clients.connect();
    const sent = await sendCode(client);
    const wrong = sandbox.codeFor(PHONE) === '12345' ? '54321' : '12345';
    for (let count = 0; count < 5; count += 1) {
      await expect(signIn(client, sent, wrong)).rejects.toMatchObject({ errorMessage: 'PHONE_CODE_INVALID' });
    }
    await expect(signIn(client, sent, sandbox.codeFor(PHONE)!)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EXPIRED',
    });
  });

  it('refuses a code that is too old', async () => {
    const client = await clients.connect();
    const sent = await sendCode(client);
    nowMs += 301_000;
    await expect(signIn(client, sent, sandbox.codeFor(PHONE)!)).rejects.toMatchObject({
      errorMessage: 'PHONE_CODE_EXPIRED',
    });
  });

  it('sends the code to the account\'s other device as a message of 777000, and by SMS when asked again', async () => {
    const device = await clients.connectAs(owner);
    const inbox = new UpdateInbox(device);
    const client = await clients.connect();
    const sent = await sendCode(client);
    expect(sent.type).toBeInstanceOf(Api.auth.SentCodeTypeApp);
    const update = await inbox.next(Api.UpdateShortMessage);
    expect(update.userId.toString()).toBe('777000');
    expect(update.message).toContain(sandbox.codeFor(PHONE));
    const { phoneCodeHash } = sent;
    const resent = await client.invoke(new Api.auth.ResendCode({ phoneNumber: PHONE, phoneCodeHash }));
    expect((resent as Api.auth.SentCode).type).toBeInstanceOf(Api.auth.SentCodeTypeSms);
  });

  it('refuses what is no phone number, and offers to sign up where nobody has it', async () => {
    const client = await clients.connect();
    await expect(sendCode(client, '12')).rejects.toMatchObject({ errorMessage: 'PHONE_NUMBER_INVALID' });
    await expect(giveCode(client, '79999999999')).resolves.toBeInstanceOf(Api.auth.AuthorizationSignUpRequired);
  });

  it('asks for the password where there is one, and takes only the right one', async () => {
    const client = await clients.connect();
    await expect(giveCode(client, LOCKED_PHONE)).rejects.toMatchObject({ errorMessage: 'SESSION_PASSWORD_NEEDED' });
    const check = async (password: string) =>
      client.invoke(
        new Api.auth.CheckPassword({
          password: await computeCheck(await client.invoke(new Api.account.GetPassword()), password),
        }),
      );
    await expect(check('wrong horse')).rejects.toMatchObject({ errorMessage: 'PASSWORD_HASH_INVALID' });
    const authorization = (await check(PASSWORD)) as Api.auth.Authorization;
    expect((authorization.user as Api.User).firstName).toBe('Locked');
  });

  it('takes an answer to a password check only once', async () => {
    const client = await clients.connect();
    await giveCode(client, LOCKED_PHONE).catch(() => undefined);
    const password = await computeCheck(await client.invoke(new Api.account.GetPassword()), 'wrong');
    const check = () => client.invoke(new Api.auth.CheckPassword({ password }));
    await expect(check()).rejects.toMatchObject({ errorMessage: 'PASSWORD_HASH_INVALID' });
    await expect(check()).rejects.toMatchObject({ errorMessage: 'SRP_ID_INVALID' });
  });

  it('works by QR code: one device shows the token, another accepts it', async () => {
    const device = await clients.connectAs(owner);
    const client = await clients.connect();
    const inbox = new UpdateInbox(client);
    const exportToken = () => client.invoke(new Api.auth.ExportLoginToken({ apiId: 1, apiHash: 'hash', exceptIds: [] }));
    const { token } = (await exportToken()) as Api.auth.LoginToken;
    await device.invoke(new Api.auth.AcceptLoginToken({ token }));
    await inbox.next(Api.UpdateLoginToken);
    const success = (await exportToken()) as Api.auth.LoginTokenSuccess;
    const { user } = success.authorization as Api.auth.Authorization;
    expect(user.id.toString()).toBe(owner.id);
  });

  it('ends with signing out', async () => {
    const client = await clients.connectAs(owner);
    await client.invoke(new Api.auth.LogOut());
    await expect(client.invoke(new Api.updates.GetState())).rejects.toMatchObject({ errorMessage: 'AUTH_KEY_UNREGISTERED' });
  });
});
