import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { ByteSource } from './byte-source.js';
import { LoopbackServer } from './loopback-server.js';

export interface Address {
  host: string;
  port: number;
}

export interface Socks5Options {
  credentials?: { username: string; password: string };
  /** Where a destination really lies; without it the destination itself. */
  lead?: (destination: Address) => Address;
  /** `mute` takes what comes and never answers; `refuse` says that the destination cannot be reached. */
  mood?: 'serve' | 'mute' | 'refuse';
}

/** A SOCKS5 server (RFC 1928, with RFC 1929 where there are credentials) on loopback. */
export class Socks5Server extends LoopbackServer {
  /** Every destination that was asked for. */
  readonly asked: Address[] = [];
  mood: NonNullable<Socks5Options['mood']>;

  constructor(private readonly options: Socks5Options = {}) {
    super((socket) => void this.#serve(socket).catch(() => socket.destroy()));
    this.mood = options.mood ?? 'serve';
  }

  /** The link that leads through it. */
  get link(): string {
    const { credentials: given } = this.options;
    const credentials = given === undefined ? '' : `${encodeURIComponent(given.username)}:${encodeURIComponent(given.password)}@`;
    return `socks5://${credentials}${this.address}`;
  }

  async #serve(socket: Socket): Promise<void> {
    if (this.mood === 'mute') return void socket.resume();
    const source = new ByteSource(socket);
    await this.#greet(socket, source);
    const [, , , kind = 0] = await source.take(4);
    const host = await readHost(source, kind);
    const destination = { host, port: (await source.take(2)).readUInt16BE() };
    this.asked.push(destination);
    if (this.mood === 'refuse') return void socket.end(Buffer.from('05040001000000000000', 'hex'));
    const target = connect(this.options.lead?.(destination) ?? destination);
    target.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
    target.once('connect', () => {
      socket.write(Buffer.from('05000001000000000000', 'hex'));
      source.flow((bytes) => target.write(bytes));
      target.on('data', (bytes) => socket.write(bytes));
    });
  }

  async #greet(socket: Socket, source: ByteSource): Promise<void> {
    const [, count = 0] = await source.take(2);
    const methods = await source.take(count);
    const wanted = this.options.credentials === undefined ? 0 : 2;
    if (!methods.includes(wanted)) {
      socket.end(Buffer.from([5, 0xff]));
      throw new Error('no method in common');
    }
    socket.write(Buffer.from([5, wanted]));
    if (this.options.credentials === undefined) return;
    const { username, password } = this.options.credentials;
    const given = [];
    await source.take(1);
    for (let field = 0; field < 2; field += 1) given.push((await source.take((await source.take(1)).readUInt8())).toString());
    const isRight = given[0] === username && given[1] === password;
    socket.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) throw new Error('wrong credentials');
  }
}

/** One that is stopped when the test is over. */
export async function socks5Server(options: Socks5Options = {}): Promise<Socks5Server> {
  const server = new Socks5Server(options);
  await server.listen();
  onTestFinished(() => server.stop());
  return server;
}

async function readHost(source: ByteSource, kind: number): Promise<string> {
  if (kind === 1) return [...(await source.take(4))].join('.');
  if (kind === 3) return (await source.take((await source.take(1)).readUInt8())).toString();
  const groups = await source.take(16);
  return Array.from({ length: 8 }, (_, index) => groups.readUInt16BE(index * 2).toString(16)).join(':');
}
