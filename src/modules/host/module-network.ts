import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { Texts } from '../../i18n/texts.js';
import { withLinkedAbort } from '../../linked-abort.js';
import type { Network, NetworkAnswer, NetworkRequest } from '../contract/capabilities.js';
import { CommandRefusal } from '../contract/command-refusal.js';

const MAX_BYTES = 5_000_000;
const DEADLINE_MS = 30_000;
const MAX_REDIRECTS = 5;
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);
/** What the connection itself is made of is not for a module to say. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'proxy-authorization', 'expect', 'keep-alive']);

/** Addresses of this machine, of its networks, and of nobody: nothing that a module names may lead there. */
const NEAR = nearAddresses();

export interface NetworkOptions {
  /** For tests: which addresses may be called, and how names become addresses. */
  permits?: (address: string) => boolean;
  lookup?: LookupFunction;
  ca?: string;
}

/**
 * `ctx.network`: https alone. The address is judged where the connection is made, after the name was looked up, so neither a redirect
 * nor a name that changes its mind leads inside. No cookies, no proxy of the daemon's, nothing kept from one request to the next.
 */
export function moduleNetwork(texts: () => Texts['modules']['network'], { permits = isPublic, lookup: resolve = lookup, ca }: NetworkOptions = {}): Network {
  const refuse = (problem: keyof Texts['modules']['network']): never => {
    throw new CommandRefusal(texts()[problem]);
  };
  const openClient = async () => {
    // Only a module that goes to the network costs its library's memory, about 20 MB.
    const { Agent, request } = await import('undici');
    const dispatcher = new Agent({
      connect: { lookup: guarded(resolve, permits), timeout: 10_000, ...(ca === undefined ? {} : { ca }) },
      keepAliveTimeout: 1000,
      maxResponseSize: MAX_BYTES,
      pipelining: 1,
    });
    return { request, dispatcher };
  };
  let client: ReturnType<typeof openClient> | undefined;
  const once = async (url: URL, { method = 'GET', headers = {}, body }: NetworkRequest, signal: AbortSignal): Promise<NetworkAnswer> => {
    if (url.protocol !== 'https:') return refuse('httpsOnly');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !permits(host)) return refuse('notPublic');
    try {
      const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())));
      const { request, dispatcher } = await (client ??= openClient());
      const answer = await request(url, { dispatcher, method: method as 'GET', headers: sent, ...(body === undefined ? {} : { body }), signal });
      return { status: answer.statusCode, headers: flat(answer.headers), body: new Uint8Array(await answer.body.arrayBuffer()) };
    } catch (error) {
      if (error instanceof NotPublicError || (error instanceof Error && error.cause instanceof NotPublicError)) return refuse('notPublic');
      if (signal.aborted) throw signal.reason as Error;
      throw new CommandRefusal(texts().failed, { cause: error });
    }
  };
  const followed = async (from: URL, request: NetworkRequest, signal: AbortSignal): Promise<NetworkAnswer> => {
    let [url, next] = [from, request];
    for (let hops = 0; ; hops += 1) {
      const answer = await once(url, next, signal);
      const location = answer.headers['location'];
      if (request.redirect === 'manual' || location === undefined || ![301, 302, 303, 307, 308].includes(answer.status)) return answer;
      if (hops >= MAX_REDIRECTS || !URL.canParse(location, url.href)) return refuse('failed');
      const to = new URL(location, url);
      // What was meant for one host is not shown to another.
      next = redirected(next, answer.status, to.origin === url.origin);
      url = to;
    }
  };
  return {
    fetch: async (given, request = {}, signal) => {
      const method = (request.method ?? 'GET').toUpperCase();
      if (!METHODS.has(method) || !URL.canParse(given)) return refuse('httpsOnly');
      return withLinkedAbort([signal, AbortSignal.timeout(DEADLINE_MS)], (until) => followed(new URL(given), { ...request, method }, until));
    },
  };
}

/** Telling a private address from a public one. */
export function isPublic(address: string): boolean {
  const kind = isIP(address);
  if (kind === 0) return false;
  return kind === 4 ? !NEAR.ipv4.check(address, 'ipv4') : !NEAR.ipv6.check(address, 'ipv6');
}

class NotPublicError extends Error {}

function guarded(resolve: LookupFunction, permits: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, options, (error, address, family) => {
      // Of a name that is not found there is no address at all, whatever the types say.
      if (error !== null) return callback(error, address, family);
      const addresses = typeof address === 'string' ? [address] : address.map((one) => one.address);
      if (addresses.every(permits)) callback(null, address, family);
      else callback(new NotPublicError('an address of a private network'), '', 0);
    });
  };
}

function redirected(request: NetworkRequest, status: number, sameOrigin: boolean): NetworkRequest {
  const { body: _body, ...withoutBody } = request;
  const keeps = status === 307 || status === 308 || request.method === 'HEAD';
  const next = keeps ? request : { ...withoutBody, method: 'GET' };
  return sameOrigin ? next : { ...next, headers: {} };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])));
}

/** Two lists: one alone takes each IPv4 address for one of `::ffff:0:0/96` too. */
function nearAddresses(): Record<'ipv4' | 'ipv6', BlockList> {
  const ipv4 = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'];
  // Of IPv6 only 2000::/3 is given out to be reached; of that not what carries an IPv4 address in it or is for books.
  const ipv6 = ['::/3', '4000::/2', '8000::/1', '2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
  return { ipv4: blockList('ipv4', ipv4), ipv6: blockList('ipv6', ipv6) };
}

function blockList(kind: 'ipv4' | 'ipv6', nets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const net of nets) {
    const [address = '', prefix = '0'] = net.split('/');
    list.addSubnet(address, Number(prefix), kind);
  }
  return list;
}
