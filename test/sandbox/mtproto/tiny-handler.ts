import { Api } from 'telegram/tl/index.js';
import { returnBigInt } from 'telegram/Helpers.js';
import { RpcFault, type RpcAnswer, type RpcCaller, type RpcHandler, type RpcRequest } from '../../../src/sandbox/rpc.js';

export const ME = { id: 4242, firstName: 'Ann' };

/** Answers what any client asks first; `extra` goes before, and is asked for everything. */
export class TinyHandler implements RpcHandler {
  readonly seen: { request: RpcRequest; caller: RpcCaller }[] = [];
  extra: ((request: RpcRequest, caller: RpcCaller) => Promise<RpcAnswer | undefined> | RpcAnswer) | undefined;

  async handle(request: RpcRequest, caller: RpcCaller): Promise<RpcAnswer | undefined> {
    this.seen.push({ request, caller });
    const own = await this.extra?.(request, caller);
    if (own !== undefined) return own;
    switch (request.className) {
      case 'help.GetConfig':
        return config(caller.dcId);
      case 'users.GetUsers':
        return [me()];
      case 'updates.GetState':
        return new Api.updates.State({ pts: 1, qts: 0, date: 1, seq: 1, unreadCount: 0 });
      case 'help.GetNearestDc':
        return new Api.NearestDc({ country: 'NL', thisDc: caller.dcId, nearestDc: caller.dcId });
      default:
        throw new RpcFault(400, 'METHOD_NOT_KNOWN_HERE');
    }
  }

  count(className: string): number {
    return this.seen.filter(({ request }) => request.className === className).length;
  }
}

export function me(): Api.User {
  return new Api.User({ self: true, id: returnBigInt(ME.id), accessHash: returnBigInt(7), firstName: ME.firstName });
}

export function config(dcId: number): Api.Config {
  const numbers = {
    chatSizeMax: 200, megagroupSizeMax: 200_000, forwardedCountMax: 100, onlineUpdatePeriodMs: 210_000,
    offlineBlurTimeoutMs: 5000, offlineIdleTimeoutMs: 30_000, onlineCloudTimeoutMs: 300_000,
    notifyCloudDelayMs: 30_000, notifyDefaultDelayMs: 1500, pushChatPeriodMs: 60_000, pushChatLimit: 2,
    editTimeLimit: 172_800, revokeTimeLimit: 2_147_483_647, revokePmTimeLimit: 2_147_483_647,
    ratingEDecay: 2_419_200, stickersRecentLimit: 200, channelsReadMediaPeriod: 604_800, callReceiveTimeoutMs: 20_000,
    callRingTimeoutMs: 90_000, callConnectTimeoutMs: 30_000, callPacketTimeoutMs: 10_000,
    captionLengthMax: 1024, messageLengthMax: 4096, webfileDcId: dcId,
  };
  return new Api.Config({
    ...numbers,
    date: 1_700_000_000,
    expires: 1_700_003_600,
    testMode: false,
    thisDc: dcId,
    dcOptions: [new Api.DcOption({ id: dcId, ipAddress: '127.0.0.1', port: 80 })],
    dcTxtDomainName: 'apv3.stel.com',
    meUrlPrefix: 'https://t.me/',
  });
}
