import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Api } from 'telegram/tl/index.js';
import { constructors } from '../../../src/sandbox/mtproto/constructors.js';
import { DataCentre } from '../../../src/sandbox/mtproto/data-centre.js';
import { transports } from './client-transports.js';
import { ping } from './raw-client.js';
import { getState, useBench } from './test-bench.js';
import { TinyHandler } from './tiny-handler.js';

const bench = useBench();
const UPDATES_TOO_LONG = 0xe317af7e;

/** How a dial ends: 'connected' or the code of its error. */
function dialOnce(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

/** How a socket's peer ended it. */
function endOf(port: number, onConnect: () => void): Promise<'reset' | 'ended'> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', onConnect);
    socket.once('error', () => resolve('reset'));
    socket.once('end', () => resolve('ended'));
    socket.resume();
  });
}

describe('the listener', () => {
  it('takes a port that a session string can store', () => {
    expect(bench.port).toBeGreaterThanOrEqual(10_000);
    expect(bench.port).toBeLessThanOrEqual(32_767);
  });

  it('takes the port that it is told, and says so when that is taken', async () => {
    const other = new DataCentre({
      id: 4,
      rsa: bench.rsa,
      handler: new TinyHandler(),
      now: Date.now,
      log: { debug: () => undefined, warn: () => undefined },
    });
    await expect(other.start(bench.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('is gone after stop, which may be called twice', async () => {
    const client = await bench.ready();
    await bench.centre.stop();
    await bench.centre.stop();
    await client.untilClosed();
    expect(await dialOnce(bench.port)).toBe('ECONNREFUSED');
  });

  it('refuses while it is told to, and comes back on the same port', async () => {
    const client = await bench.ready();
    await bench.centre.faults.refuse(true);
    expect(await dialOnce(bench.port)).toBe('ECONNREFUSED');
    await client.result(client.send(getState()));
    await bench.centre.faults.refuse(false);
    expect(await dialOnce(bench.port)).toBe('connected');
    await bench.centre.faults.refuse(false);
  });
});

describe('a cut', () => {
  it.each([
    ['rst', 'reset'],
    ['fin', 'ended'],
  ] as const)('by %s: the client sees it %s, and nothing is listed any more', async (how, seen) => {
    let connected: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (connected = resolve));
    const end = endOf(bench.port, connected);
    await ready;
    await expect.poll(() => bench.centre.connections().length).toBe(1);
    bench.centre.faults.dropAll(how);
    expect(await end).toBe(seen);
    expect(bench.centre.connections()).toEqual([]);
  });
});

describe('a half-open link', () => {
  it('neither reads nor answers, and goes on afterwards with what had come', async () => {
    const client = await bench.ready();
    bench.centre.faults.mute(true);
    const msgId = client.send(getState());
    bench.centre.push(client.key.id, new Api.UpdatesTooLong());
    const late = await bench.dial(transports.abridged!());
    const before = bench.handler.seen.length;
    const answer = client.result(msgId);
    await expect(Promise.race([answer, quiet()])).resolves.toBe('nothing came');
    expect(bench.handler.seen).toHaveLength(before);
    expect([client.closed, late.closed]).toEqual([false, false]);
    bench.centre.faults.mute(false);
    await answer;
    await client.next(UPDATES_TOO_LONG);
  });
});

/** Long enough that an answer on loopback would have been there. */
function quiet(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('nothing came'), 150));
}

describe('slowness', () => {
  it('of pongs leaves other answers as they are', async () => {
    const client = await bench.ready();
    bench.centre.faults.pongDelayMs = 150;
    const startMs = performance.now();
    client.send(ping(1n));
    await client.result(client.send(getState()));
    expect(client.received.map(({ constructor_ }) => constructor_)).not.toContain(constructors.pong);
    await client.next(constructors.pong);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(149);
  });

  it('of everything keeps the order', async () => {
    const client = await bench.ready();
    bench.centre.faults.sendDelayMs = 100;
    const startMs = performance.now();
    const first = client.send(getState());
    bench.centre.push(client.key.id, new Api.UpdatesTooLong());
    await client.next(UPDATES_TOO_LONG);
    await client.result(first);
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
    bench.centre.faults.sendDelayMs = 0;
    await client.result(client.send(getState()));
  });
});

describe('a clock that is wrong', () => {
  it('shows in the exchange, in the ids, and in what is refused', async () => {
    bench.centre.faults.clockSkewMs = 3_600_000;
    const client = await bench.dial();
    client.clockOffsetMs = 3_600_000;
    const { exchange } = await client.handshake(bench.rsa);
    expect(Math.round(exchange.serverTimeS - Date.now() / 1000 - 3600)).toBeCloseTo(0, -1);
    client.send(ping(1n));
    const { msgId } = await client.next(constructors.pong);
    expect(Math.abs(Number(msgId >> 32n) - Date.now() / 1000 - 3600)).toBeLessThan(5);
    bench.centre.faults.clockSkewMs = 0;
    client.send(ping(1n));
    const bad = await client.next(constructors.badMsgNotification);
    bad.reader.raw(12);
    expect(bad.reader.int()).toBe(17);
    expect(Math.abs(Number(bad.msgId >> 32n) - Date.now() / 1000)).toBeLessThan(5);
  });
});
