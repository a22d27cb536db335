import type { onRequestHookHandler } from 'fastify';

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost']);

/**
 * Listening on loopback does not keep browsers out: a page of another site can send requests here, and a foreign name
 * may point here (DNS rebinding). Only requests that name this machine, and that no other site's page has sent, pass.
 */
export const loopbackGuard: onRequestHookHandler = (request, reply, done) => {
  const { origin } = request.headers;
  const isOurName = LOOPBACK_NAMES.has(request.hostname);
  const isOurPage = origin === undefined || (URL.canParse(origin) && LOOPBACK_NAMES.has(new URL(origin).hostname));
  if (isOurName && isOurPage) return done();
  void reply.code(403).send({ error: 'this address answers its own machine alone' });
};
