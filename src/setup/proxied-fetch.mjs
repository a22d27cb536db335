import { DownloadError } from './download-error.mjs';
import { isProxyLink } from './download-proxies.mjs';

/** @typedef {(address: string, init: RequestInit) => Promise<Response>} Fetch */

/**
 * `fetch` by way of the proxies; Node's own where there are none. The library is loaded only here and now: the set-up runs
 * before it is installed, and downloads models after. Rejects with `DownloadError` where a link is not understood.
 *
 * @param {import('./download-proxies.mjs').DownloadProxies | undefined} proxies
 * @returns {Promise<Fetch>}
 */
export async function proxiedFetch(proxies) {
  if (proxies === undefined) return fetch;
  const links = [proxies.https, proxies.http].filter((link) => link !== undefined);
  if (!links.every(isProxyLink)) throw new DownloadError('bad-proxy', 'MODEL_PROXY, HTTPS_PROXY');
  const undici = await import('undici');
  const dispatcher = new undici.EnvHttpProxyAgent({
    // An empty text, unlike none, keeps the library from looking into the environment itself.
    httpProxy: proxies.http ?? '',
    httpsProxy: proxies.https ?? '',
    noProxy: proxies.none ?? '',
    ...socksCredentials(links),
  });
  const request = /** @type {(address: string, init: object) => Promise<unknown>} */ (undici.fetch);
  return async (address, init) => /** @type {Response} */ (await request(address, { ...init, dispatcher }));
}

/**
 * To a SOCKS5 proxy the library sends user and password as they stand in the link, with their `%40`, unless they come so.
 *
 * @param {string[]} links
 * @returns {{ username: string, password: string } | {}}
 */
function socksCredentials(links) {
  const socks = links.find((link) => link.startsWith('socks5:'));
  if (socks === undefined) return {};
  const { username, password } = new URL(socks);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}
