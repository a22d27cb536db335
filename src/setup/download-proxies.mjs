/**
 * The proxies that downloads go through, as the environment names them: links http://, https:// or socks5://, with user and
 * password where they need them. Nothing of this is ever shown but `shownProxy`.
 *
 * @typedef {object} DownloadProxies
 * @property {string} [http] for http:// addresses
 * @property {string} [https] for https:// addresses
 * @property {string} [none] hosts that are reached directly, as NO_PROXY lists them
 */

/**
 * MODEL_PROXY wins and is for everything. Without it: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, for all but the hosts of NO_PROXY,
 * each also in lower case, which wins, as curl and wget read them.
 *
 * @param {Readonly<Record<string, string | undefined>>} values environment variables
 * @returns {DownloadProxies | undefined} undefined where none is named
 */
export function downloadProxies(values) {
  const read = (/** @type {string} */ name) => [values[name.toLowerCase()], values[name]].map((value) => value?.trim()).find((value) => value);
  const own = values.MODEL_PROXY?.trim();
  if (own) return { http: withScheme(own) ?? own, https: withScheme(own) ?? own };
  const [http, https, all, none] = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].map(read);
  const proxies = { http: withScheme(http ?? all), https: withScheme(https ?? all) };
  if (proxies.http === undefined && proxies.https === undefined) return undefined;
  return { ...(proxies.http && { http: proxies.http }), ...(proxies.https && { https: proxies.https }), ...(none && { none }) };
}

/**
 * Whether it is the link of a proxy that downloads can go through.
 *
 * @param {string} link
 * @returns {boolean}
 */
export function isProxyLink(link) {
  if (!/^(https?|socks5h?):\/\/[^/]/i.test(link) || !URL.canParse(link)) return false;
  const { pathname, username, password } = new URL(link);
  return /^\/?$/.test(pathname) && !/%(?![\da-f]{2})/i.test(username + password);
}

/**
 * The proxy on the way to the address, by its host and port alone; undefined where none is set.
 *
 * @param {DownloadProxies | undefined} proxies
 * @param {string} address
 * @returns {string | undefined}
 */
export function shownProxy(proxies, address) {
  const link = /^https:/i.test(address) ? proxies?.https : proxies?.http;
  return link !== undefined && URL.canParse(link) ? new URL(link).host : undefined;
}

/** `HOST:PORT` alone is an HTTP proxy, for every tool. @param {string | undefined} link */
function withScheme(link) {
  const named = link === undefined || /^[a-z][\w+.-]*:\/\//i.test(link) ? link : `http://${link}`;
  return named?.replace(/^socks5h?:/i, 'socks5:');
}
