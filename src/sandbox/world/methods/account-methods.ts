import { RpcFault } from '../../rpc.js';
import type { Methods, UserCall } from '../call.js';
import { tlExportedAuthorization } from '../tl/auth.js';
import { acceptLoginToken } from './auth-methods.js';

const DATA_CENTRES: readonly number[] = [2, 4];

/** What a signed-in device does with its account. */
export const accountMethods: Methods<UserCall> = {
  'account.UpdateStatus': ({ offline }, { user, world }) => {
    user.online = !offline;
    user.lastSeenSec = world.nowSec();
    return true;
  },

  'auth.ExportAuthorization': ({ dcId }, { auth, user, caller }) => {
    if (!DATA_CENTRES.includes(dcId) || dcId === caller.dcId) throw new RpcFault(400, 'DC_ID_INVALID');
    return tlExportedAuthorization(user, auth.exportTo(dcId, user));
  },

  'auth.AcceptLoginToken': ({ token }, call) => acceptLoginToken(call, token, call.user),

  'auth.ResetAuthorizations': (_request, { devices, user, device }) => {
    for (const each of devices.all(user)) if (each !== device) devices.revoke(each, 'SESSION_REVOKED');
    return true;
  },
};
