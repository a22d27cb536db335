import { isIP } from 'node:net';
import { parseMtproxySecret } from './mtproxy-secret.js';
import type { ProxyServer } from './proxy-server.js';

/** What `parseProxyLinks` takes, for a person. */
export const PROXY_LINK_FORMS =
  'links separated by spaces or commas: socks5://USER:PASSWORD@HOST:PORT, tg://proxy?server=…&port=…&secret=…, ' +
  'tg://socks?server=…&port=…, and both as https://t.me/… (special characters of a password are written as %2C)';

const SHARED_LINK = /^(?:tg:(?:\/\/)?|https?:\/\/(?:t|telegram)\.(?:me|dog)\/)(proxy|socks)\/?\?(.+)$/i;
const LONGEST_CREDENTIAL_BYTES = 255;

/** Reads the links of proxies, in their order; undefined where one of them is not understood or there is none. */
export function parseProxyLinks(text: string): ProxyServer[] | undefined {
  const links = text.split(/[\s,]+/).filter((link) => link !== '');
  const proxies = links.map((link) => parseSharedLink(link) ?? parseSocksUrl(link)).filter((proxy) => proxy !== undefined);
  return proxies.length > 0 && proxies.length === links.length ? proxies : undefined;
}

/** The links that Telegram's own apps share and open. */
function parseSharedLink(link: string): ProxyServer | undefined {
  const [, kind, query] = SHARED_LINK.exec(link) ?? [];
  if (kind === undefined || query === undefined) return undefined;
  const fields = new URLSearchParams(query);
  const address = addressOf(fields.get('server') ?? '', fields.get('port') ?? '');
  if (address === undefined) return undefined;
  if (kind.toLowerCase() === 'socks') return socks5(address, fields.get('user') ?? '', fields.get('pass') ?? '');
  const secret = parseMtproxySecret(fields.get('secret') ?? '');
  return secret && { kind: 'mtproxy', ...address, secret };
}

function parseSocksUrl(link: string): ProxyServer | undefined {
  try {
    const { protocol, hostname, port, username, password, pathname, search } = new URL(link);
    const address = addressOf(hostname, port);
    if (!/^socks5h?:$/.test(protocol) || address === undefined || !/^\/?$/.test(pathname) || search !== '') return undefined;
    return socks5(address, decodeURIComponent(username), decodeURIComponent(password));
  } catch {
    // No URL, or a % that stands for nothing: refused as any other link that is not understood.
    return undefined;
  }
}

function socks5(address: { host: string; port: number }, username: string, password: string): ProxyServer | undefined {
  if (username === '' && password === '') return { kind: 'socks5', ...address };
  const fits = [username, password].every((part) => part !== '' && Buffer.byteLength(part) <= LONGEST_CREDENTIAL_BYTES);
  return fits ? { kind: 'socks5', ...address, credentials: { username, password } } : undefined;
}

function addressOf(server: string, portText: string): { host: string; port: number } | undefined {
  const host = server.replace(/^\[(.+)\]$/, '$1').replace(/\.$/, '');
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) return undefined;
  if (isIP(host) === 0 && !/^[a-z0-9_]([a-z0-9._-]{0,251}[a-z0-9_])?$/i.test(host)) return undefined;
  return { host, port };
}
