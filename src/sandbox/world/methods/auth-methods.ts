import { Api } from 'telegram';
import { RpcFault } from '../../rpc.js';
import type { Call, Methods } from '../call.js';
import { HOME_DC } from '../devices.js';
import type { Device } from '../devices.js';
import type { SentCode } from '../auth-store.js';
import type { WorldUser } from '../model.js';
import { announceLogin, sendLoginCode } from '../service-messages.js';
import { tlAuthorization, tlLoginToken, tlPassword, tlSentCode } from '../tl/auth.js';
import { long } from '../tl/long.js';

/** Signing in and out; these are the methods that a key which belongs to nobody may call. */
export const authMethods: Methods<Call> = {
  'auth.SendCode': (request, call) => {
    const phone = checkPhone(request.phoneNumber);
    if (request.apiId <= 0 || request.apiHash === '') throw new RpcFault(400, 'API_ID_INVALID');
    const user = call.world.userByPhone(phone);
    assertHome(call, 'PHONE');
    return deliverCode(call, call.auth.sendCode(phone), user);
  },

  'auth.ResendCode': (request, call) => {
    const phone = checkPhone(request.phoneNumber);
    const sent = call.auth.resendCode(phone, request.phoneCodeHash);
    return deliverCode(call, sent, call.world.userByPhone(phone));
  },

  'auth.CancelCode': (request, { auth }) => {
    auth.cancelCode(checkPhone(request.phoneNumber), request.phoneCodeHash);
    return true;
  },

  'auth.SignIn': (request, call) => {
    const phone = checkPhone(request.phoneNumber);
    call.auth.useCode(phone, request.phoneCodeHash, request.phoneCode ?? '');
    const user = call.world.userByPhone(phone);
    if (!user) return new Api.auth.AuthorizationSignUpRequired({});
    return signInOrAskPassword(call, user);
  },

  'account.GetPassword': (_request, { auth, device }) => {
    const user = device.user ?? device.awaitingPassword;
    if (!user) throw new RpcFault(401, 'AUTH_KEY_UNREGISTERED');
    return tlPassword(user.password ? { ...user.password, ...auth.beginPassword(user) } : undefined);
  },

  'auth.CheckPassword': ({ password }, call) => {
    const user = call.device.awaitingPassword;
    if (!user) throw new RpcFault(401, 'AUTH_KEY_UNREGISTERED');
    if (!(password instanceof Api.InputCheckPasswordSRP)) throw new RpcFault(400, 'PASSWORD_HASH_INVALID');
    call.auth.checkPassword(user, { id: password.srpId.toString(), publicA: password.A, m1: password.M1 });
    return signIn(call, user);
  },

  'auth.ImportAuthorization': ({ id, bytes }, { world, auth, devices, device, caller }) => {
    const user = auth.import(caller.dcId, id.toString(), bytes);
    devices.signIn(device, user);
    return tlAuthorization(world, user);
  },

  'auth.ExportLoginToken': (_request, call) => {
    assertHome(call, 'USER');
    const known = call.auth.loginToken(call.device);
    if (!known.user) return tlLoginToken(known.token, known.expiresSec);
    call.auth.forgetToken(call.device);
    const authorization = signInOrAskPassword(call, known.user);
    return new Api.auth.LoginTokenSuccess({ authorization });
  },

  'auth.LogOut': (_request, { devices, device }) => {
    devices.signOut(device);
    return new Api.auth.LoggedOut({});
  },
};

/** Hands the sign-in of another device to the one that scanned its QR code. */
export function acceptLoginToken(call: Call, token: Buffer, user: WorldUser): Api.Authorization {
  const device: Device = call.auth.acceptToken(token, user);
  call.publisher.pushTo(device, new Api.UpdateShort({ update: new Api.UpdateLoginToken(), date: call.world.nowSec() }));
  return new Api.Authorization({
    hash: long(BigInt(`0x${device.authKeyId.slice(0, 15)}`)),
    deviceModel: 'sandbox',
    platform: 'sandbox',
    systemVersion: '1',
    apiId: 1,
    appName: 'sandbox',
    appVersion: '1',
    dateCreated: call.world.nowSec(),
    dateActive: call.world.nowSec(),
    ip: '127.0.0.1',
    country: '',
    region: '',
  });
}

function signInOrAskPassword(call: Call, user: WorldUser): Api.auth.Authorization {
  if (!user.password) return signIn(call, user);
  call.device.awaitingPassword = user;
  throw new RpcFault(401, 'SESSION_PASSWORD_NEEDED');
}

function signIn(call: Call, user: WorldUser): Api.auth.Authorization {
  const others = call.devices.homeDevicesOf(user).length > 0;
  call.devices.signIn(call.device, user);
  if (others) announceLogin(call, user);
  return tlAuthorization(call.world, user);
}

/** The code goes to the other devices of the account as a message, or, where there are none, "by SMS". */
function deliverCode(call: Call, sent: SentCode, user: WorldUser | undefined): Api.auth.SentCode {
  const inApp = sent.resends === 0 && user !== undefined && call.devices.homeDevicesOf(user).length > 0;
  if (inApp) sendLoginCode(call, user, sent.code);
  return tlSentCode(sent, inApp);
}

function checkPhone(raw: string): string {
  const phone = raw.replace(/[\s()+-]/g, '');
  if (!/^\d{7,15}$/.test(phone)) throw new RpcFault(406, 'PHONE_NUMBER_INVALID');
  return phone;
}

function assertHome({ caller }: Call, what: 'PHONE' | 'USER'): void {
  if (caller.dcId !== HOME_DC) throw new RpcFault(303, `${what}_MIGRATE_${HOME_DC}`);
}
