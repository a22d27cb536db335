import { isIPv6 } from 'node:net';
import type { MtproxySecret } from './mtproxy-secret.js';

export interface Socks5Server {
  kind: 'socks5';
  host: string;
  port: number;
  /** Secrets. */
  credentials?: { username: string; password: string };
}

export interface MtproxyServer {
  kind: 'mtproxy';
  host: string;
  port: number;
  secret: MtproxySecret;
}

/** A proxy as its link describes it. Holds secrets: show `nameOfProxy` and nothing else of it. */
export type ProxyServer = Socks5Server | MtproxyServer;

const KINDS = { socks5: 'SOCKS5', mtproxy: 'MTProxy' };

/** What may be shown of a proxy: `SOCKS5 127.0.0.1:1080`. */
export function nameOfProxy({ kind, host, port }: ProxyServer): string {
  return `${KINDS[kind]} ${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
