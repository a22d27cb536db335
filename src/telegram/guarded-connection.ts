import { ConnectionTCPFull } from 'telegram/network/index.js';
import { RetryableError } from '../errors.js';
import type { TestDataCentres } from './test-data-centres.js';

export interface GuardedConnectionOptions {
  testDc?: TestDataCentres | undefined;
  /** The transport itself failed: -404 (the key is not known there), -429 (too many connections), -444 (wrong DC). */
  onTransportError: (code: number) => void;
}

type ConnectionParameters = ConstructorParameters<typeof ConnectionTCPFull>[0];

const TRANSPORT_ERROR_BYTES = 4;

function redirected(parameters: ConnectionParameters, testDc: TestDataCentres | undefined): ConnectionParameters {
  if (testDc === undefined) return parameters;
  const address = testDc.addresses.get(parameters.dcId);
  if (address === undefined) throw new RetryableError(`no test data centre ${parameters.dcId} is given`);
  return { ...parameters, ip: address.host, port: address.port };
}

/**
 * The class to hand to the library as `connection`: TCP "full" (https://core.telegram.org/mtproto/mtproto-transports#full).
 * It tells of transport errors, which the library answers by going silent, and leads to the test data centres where
 * they are in use: by number, since the library knows no ports.
 */
export function guardedConnectionClass(options: GuardedConnectionOptions): typeof ConnectionTCPFull {
  return class GuardedConnection extends ConnectionTCPFull {
    constructor(parameters: ConnectionParameters) {
      super(redirected(parameters, options.testDc));
    }

    override async _recv(): Promise<unknown> {
      const packet: unknown = await super._recv();
      if (packet instanceof Buffer && packet.length === TRANSPORT_ERROR_BYTES) {
        options.onTransportError(packet.readInt32LE(0));
      }
      return packet;
    }
  };
}
