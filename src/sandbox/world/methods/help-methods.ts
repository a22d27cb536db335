import type { Call, Methods } from '../call.js';
import { tlAppConfig, tlConfig, tlNearestDc } from '../tl/config.js';

/** What every client asks first. */
export const helpMethods: Methods<Call> = {
  'help.GetConfig': (_request, { world, caller, dcAddresses }) => tlConfig(world.nowSec(), caller.dcId, dcAddresses()),
  'help.GetAppConfig': () => tlAppConfig(),
  'help.GetNearestDc': (_request, { caller }) => tlNearestDc(caller.dcId),
};
