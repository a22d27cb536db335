// Preloaded into a daemon under test (NODE_OPTIONS=--import): every connection that the process opens, and every name that
// it looks up, is a line of the file RECORD_DIALS, written before it happens.
import { appendFileSync } from 'node:fs';
import dns from 'node:dns';
import dgram from 'node:dgram';
import net from 'node:net';

const file = process.env.RECORD_DIALS ?? '';
const record = (line) => appendFileSync(file, `${line}\n`);

const { connect } = net.Socket.prototype;
net.Socket.prototype.connect = function (...args) {
  const [options] = Array.isArray(args[0]) ? args[0] : args;
  if (typeof options === 'object') record(options.path == null ? `tcp ${options.host} ${options.port}` : `unix ${options.path}`);
  else record(typeof options === 'number' ? `tcp ${args[1] ?? 'localhost'} ${options}` : `unix ${options}`);
  return connect.apply(this, args);
};

const { lookup } = dns;
dns.lookup = (name, ...rest) => {
  if (net.isIP(name) === 0) record(`name ${name}`);
  return lookup(name, ...rest);
};

const { send } = dgram.Socket.prototype;
dgram.Socket.prototype.send = function (...args) {
  record('udp');
  return send.apply(this, args);
};
