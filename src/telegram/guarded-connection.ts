import { ConnectionTCPFull } from 'telegram/network/index.js';
import { RetryableError } from '../errors.js';
import type { FencedSocket } from './fence.js';
import { encodePadded, readPadded } from './padded-transport.js';
import type { TestDataCentres } from './test-data-centres.js';

export interface GuardedConnectionOptions {
  testDc?: TestDataCentres | undefined;
  /** The transport itself failed: -404 (the key is not known there), -429 (too many connections), -444 (wrong DC). */
  onTransportError: (code: number) => void;
  /** Sees every packet that came in, as it came. */
  onPacket?: (packet: Buffer) => void;
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
 * The class to hand to the library as `connection`: TCP "full", or "padded intermediate" where an MTProxy is between
 * (https://core.telegram.org/mtproto/mtproto-transports). It tells of transport errors, which the library answers by going
 * silent, and leads to the test data centres where they are in use: by number, since the library knows no ports.
 * Its socket has to be of `fencedSocketClass`.
 */
export function guardedConnectionClass(options: GuardedConnectionOptions): typeof ConnectionTCPFull {
  return class GuardedConnection extends ConnectionTCPFull {
    private readonly fenced: FencedSocket;

    constructor(parameters: ConnectionParameters) {
      super(redirected(parameters, options.testDc));
      this.fenced = this.socket as unknown as FencedSocket;
      this.fenced.dcId = parameters.dcId;
    }

    override async _send(packet: Buffer): Promise<void> {
      if (this.fenced.transport === 'padded') this.fenced.write(encodePadded(packet));
      else await super._send(packet);
    }

    override async _recv(): Promise<unknown> {
      const packet: unknown = this.fenced.transport === 'padded' ? await readPadded(this.fenced) : await super._recv();
      if (packet instanceof Buffer) {
        options.onPacket?.(packet);
        if (packet.length === TRANSPORT_ERROR_BYTES) options.onTransportError(packet.readInt32LE(0));
      }
      return packet;
    }
  };
}
