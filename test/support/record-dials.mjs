// Preloaded into a daemon under test (NODE_OPTIONS=--import): every connection that the process opens, every name that it
// looks up and every datagram is a line of the file RECORD_DIALS, written before it happens.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import net from 'node:net';

const file = process.env.RECORD_DIALS ?? '';

/** @param {string} line */
const record = (line) => appendFileSync(file, `${line}\n`);

/**
 * Has every call of a method described before it is made.
 * @param {object} owner
 * @param {string} name
 * @param {(args: any[]) => string | undefined} describe
 */
function tap(owner, name, describe) {
  const original = Reflect.get(owner, name);
  /** @param {any[]} args */
  function tapped(...args) {
    const line = describe(args);
    if (line !== undefined) record(line);
    // @ts-expect-error whoever calls the method is its `this`
    return Reflect.apply(original, this, args);
  }
  Reflect.set(owner, name, tapped);
}

// Node's own callers pass [options, callback] as one argument.
tap(net.Socket.prototype, 'connect', (args) => {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args;
  const { path, host, port } = typeof first === 'object' ? first : typeof first === 'number' ? { host: second, port: first } : { path: first };
  return path == null ? `tcp ${host} ${port}` : `unix ${path}`;
});
tap(dns, 'lookup', ([name]) => (net.isIP(name) === 0 ? `name ${name}` : undefined));
tap(dgram.Socket.prototype, 'send', () => 'udp');
