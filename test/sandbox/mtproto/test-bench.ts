import { afterEach, beforeAll, beforeEach } from 'vitest';
import { Api } from 'telegram/tl/index.js';
import { toAuthKey } from '../../../src/sandbox/mtproto/auth-key.js';
import { DataCentre } from '../../../src/sandbox/mtproto/data-centre.js';
import { generateRsaKeyPair, type RsaKeyPair } from '../../../src/sandbox/mtproto/rsa-key-pair.js';
import type { ClientTransport } from './client-transports.js';
import { RawClient, wrapped } from './raw-client.js';
import { TinyHandler } from './tiny-handler.js';

/** A data centre for each test, and its raw clients. */
export interface Bench {
  rsa: RsaKeyPair;
  centre: DataCentre;
  handler: TinyHandler;
  port: number;
  /** Added to the real clock, ms: the data centre's own idea of the time. */
  clock: { aheadMs: number };
  /** Only connected. */
  dial(transport?: ClientTransport): Promise<RawClient>;
  /** With a key, its salt known, initConnection done. */
  ready(): Promise<RawClient>;
  /** Called when a test is over. */
  onEnd(clean: () => Promise<void> | void): void;
}

/** Sets the bench up for every test of the file that calls it. */
export function useBench(): Bench {
  const ends: (() => Promise<void> | void)[] = [];
  const bench = { clock: { aheadMs: 0 }, onEnd: (clean: () => Promise<void> | void) => void ends.push(clean) } as Bench;
  bench.dial = async (transport) => {
    const client = await RawClient.connect(bench.port, transport);
    ends.push(() => client.close());
    return client;
  };
  bench.ready = async () => {
    const client = await bench.dial();
    client.authKey = toAuthKey(bench.centre.createAuthKey().key);
    await client.learnSalt();
    await client.result(client.send(wrapped(getConfig())));
    return client;
  };
  beforeAll(() => {
    bench.rsa = generateRsaKeyPair();
  });
  beforeEach(async () => {
    bench.clock.aheadMs = 0;
    bench.handler = new TinyHandler();
    bench.centre = new DataCentre({
      id: 2,
      rsa: bench.rsa,
      handler: bench.handler,
      now: () => Date.now() + bench.clock.aheadMs,
      log: { debug: () => undefined, warn: () => undefined },
    });
    bench.port = await bench.centre.start();
  });
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
    await bench.centre.stop();
  });
  return bench;
}

export function getConfig(): Buffer {
  return new Api.help.GetConfig().getBytes();
}

export function getState(): Buffer {
  return new Api.updates.GetState().getBytes();
}
