import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';

/** A ClientHello with its record's head is always as long as browsers pad it to. */
export const HELLO_BYTES = 517;
export const HELLO_RANDOM_AT = 11;
export const HELLO_RANDOM_BYTES = 32;

const CIPHER_SUITES = 'c02bc02fc02cc030cca9cca8c013c014009c009d002f0035';
const TLS13_SUITES = '130113021303';
const SIGNATURE_ALGORITHMS = '0403080404010503080505010806' + '0601';

/**
 * The first message of TLS 1.3 (RFC 8446, 4.1.2) to a domain, as browsers based on Chromium write it, with 32 zero bytes
 * where its random belongs. Servers of the kind find their own clients by that random, and read of the rest the domain
 * and the cipher suites; to those who watch it is to look like anybody's.
 */
export function clientHello(domain: string): Buffer {
  const [forSuites, forGroups, forVersions, first, last] = greases();
  const extensions = [
    extension(0x0000, block(Buffer.from([0]), block(Buffer.from(domain, 'latin1')))),
    extension(0x0005, hex('0100000000')),
    extension(0x000a, block(forGroups, hex('001d00170018'))),
    extension(0x000b, hex('0100')),
    extension(0x000d, block(hex(SIGNATURE_ALGORITHMS))),
    extension(0x0010, block(hex('026832'), Buffer.from([8]), Buffer.from('http/1.1'))),
    extension(0x0012),
    extension(0x0017),
    extension(0x001b, hex('020002')),
    extension(0x0023),
    extension(0x002b, Buffer.from([6]), forVersions, hex('03040303')),
    extension(0x002d, hex('0101')),
    extension(0x0033, block(forGroups, hex('000100'), hex('001d'), block(publicKey()))),
    extension(0x4469, block(hex('026832'))),
    extension(0xff01, hex('00')),
  ];
  const listed = [extension(first.readUInt16BE()), ...shuffled(extensions), extension(last.readUInt16BE(), hex('00'))];
  const body = [
    hex('0303'),
    Buffer.alloc(HELLO_RANDOM_BYTES),
    Buffer.from([32]),
    randomBytes(32),
    block(forSuites, hex(TLS13_SUITES), hex(CIPHER_SUITES)),
    hex('0100'),
  ];
  const heads = 5 + 4;
  const lengthSoFar = heads + Buffer.concat([...body, block(...listed)]).length;
  const padding = extension(0x0015, Buffer.alloc(HELLO_BYTES - lengthSoFar - 4));
  const handshake = block(...body, block(...listed, padding));
  return Buffer.concat([hex('160301'), block(hex('0100'), handshake)]);
}

/** The parts behind their length in two bytes. */
function block(...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length);
  return Buffer.concat([length, content]);
}

function extension(type: number, ...parts: Buffer[]): Buffer {
  const number = Buffer.alloc(2);
  number.writeUInt16BE(type);
  return Buffer.concat([number, block(...parts)]);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, 'hex');
}

/** Five values that nobody uses (RFC 8701): 0x0a0a, 0x1a1a … 0xfafa. The extensions' two differ. */
function greases(): [Buffer, Buffer, Buffer, Buffer, Buffer] {
  const values = Array.from({ length: 16 }, (_, high) => Buffer.alloc(2, high * 16 + 10));
  const [a, b, c, d, e] = shuffled(values) as [Buffer, Buffer, Buffer, Buffer, Buffer];
  return [a, b, c, d, e];
}

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  return items.flatMap(() => left.splice(randomInt(left.length), 1));
}

/** A point on the curve, of which nobody needs the private half: no key is ever agreed on. */
function publicKey(): Buffer {
  const { x } = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url');
}
