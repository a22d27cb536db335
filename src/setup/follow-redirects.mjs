import { DownloadError } from './download-error.mjs';

const MOST_REDIRECTS = 10;

/**
 * A request that goes where redirects lead, ten of them at the most. User and password of the address are sent as
 * `Authorization`, to its own server alone. Rejects with `DownloadError` where the redirects have no end, or what `fetch` says.
 *
 * @param {import('./proxied-fetch.mjs').Fetch} fetch
 * @param {string} address
 * @param {{ headers: Record<string, string>, signal: AbortSignal }} request
 * @returns {Promise<Response>}
 */
export async function followRedirects(fetch, address, { headers, signal }) {
  const first = new URL(address);
  let url = first;
  for (let count = 0; count <= MOST_REDIRECTS; count += 1) {
    const sent = { ...headers, ...(url.origin === first.origin ? authorization(first) : {}) };
    const response = await fetch(withoutUser(url), { headers: sent, redirect: 'manual', signal });
    const location = [301, 302, 303, 307, 308].includes(response.status) ? response.headers.get('location') : null;
    if (location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (next === undefined || !/^https?:$/.test(next.protocol)) {
      throw new DownloadError('refused', `HTTP ${response.status} to an address that is not http or https`);
    }
    url = next;
  }
  throw new DownloadError('refused', `more than ${MOST_REDIRECTS} redirects, the last to ${shownAddress(url.href)}`);
}

/**
 * An address without what may be secret in it: user, password, and what follows the path.
 *
 * @param {string} address
 * @returns {string}
 */
export function shownAddress(address) {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/** fetch takes no address that has a user in it. @param {URL} url */
function withoutUser(url) {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}

/** @param {URL} url @returns {{ authorization?: string }} */
function authorization({ username, password }) {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
