/** A signed key with the address of its data centre. */
export interface SessionParts {
  dcId: number;
  host: string;
  /** At most 32767: the format keeps a signed 16-bit number. */
  port: number;
  /** 256 bytes. */
  key: Buffer;
}

/** GramJS' `StringSession`: "1" and, in base64, data centre (1 byte), length of the address (2), address, port (2), key. */
export function sessionString({ dcId, host, port, key }: SessionParts): string {
  const address = Buffer.from(host);
  const head = Buffer.alloc(3);
  head.writeUInt8(dcId, 0);
  head.writeInt16BE(address.length, 1);
  const tail = Buffer.alloc(2);
  tail.writeInt16BE(port);
  return `1${Buffer.concat([head, address, tail, key]).toString('base64')}`;
}
