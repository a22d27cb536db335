import { Api } from 'telegram';
import type { DcAddress } from '../call.js';
import { HOME_DC } from '../devices.js';

/** Longest text of a message and of a caption, in characters; the limits that Telegram states in its configuration. */
export const MESSAGE_LENGTH_MAX = 4096;
export const CAPTION_LENGTH_MAX = 1024;
/** Own messages can be changed for two days; in Saved Messages and by channel admins always. */
export const EDIT_TIME_LIMIT_SEC = 172_800;

export function tlConfig(nowSec: number, thisDc: number, addresses: readonly DcAddress[]): Api.Config {
  return new Api.Config({
    date: nowSec,
    expires: nowSec + 3600,
    testMode: false,
    thisDc,
    dcOptions: addresses.map(({ dcId, host, port }) => new Api.DcOption({ id: dcId, ipAddress: host, port, static: true })),
    dcTxtDomainName: 'sandbox.invalid',
    chatSizeMax: 200,
    megagroupSizeMax: 200_000,
    forwardedCountMax: 100,
    onlineUpdatePeriodMs: 210_000,
    offlineBlurTimeoutMs: 5000,
    offlineIdleTimeoutMs: 30_000,
    onlineCloudTimeoutMs: 300_000,
    notifyCloudDelayMs: 30_000,
    notifyDefaultDelayMs: 1500,
    pushChatPeriodMs: 60_000,
    pushChatLimit: 2,
    editTimeLimit: EDIT_TIME_LIMIT_SEC,
    revokeTimeLimit: 0x7fffffff,
    revokePmTimeLimit: 0x7fffffff,
    ratingEDecay: 2_419_200,
    stickersRecentLimit: 200,
    channelsReadMediaPeriod: 604_800,
    callReceiveTimeoutMs: 20_000,
    callRingTimeoutMs: 90_000,
    callConnectTimeoutMs: 30_000,
    callPacketTimeoutMs: 10_000,
    meUrlPrefix: 'https://t.me/',
    captionLengthMax: CAPTION_LENGTH_MAX,
    messageLengthMax: MESSAGE_LENGTH_MAX,
    webfileDcId: 4,
  });
}

export function tlAppConfig(): Api.help.AppConfig {
  const number = (key: string, value: number) =>
    new Api.JsonObjectValue({ key, value: new Api.JsonNumber({ value }) });
  return new Api.help.AppConfig({
    hash: 1,
    config: new Api.JsonObject({
      value: [number('caption_length_limit_default', CAPTION_LENGTH_MAX), number('upload_max_fileparts_default', 4000)],
    }),
  });
}

export function tlNearestDc(thisDc: number): Api.NearestDc {
  return new Api.NearestDc({ country: 'DE', thisDc, nearestDc: HOME_DC });
}
