import { once } from 'node:events';
import { PassThrough, pipeline } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientHello, HELLO_BYTES } from '../../../src/telegram/proxy/client-hello.js';
import { TlsRecordReader, TlsRecordWriter } from '../../../src/telegram/proxy/fake-tls-records.js';

/** The types of the extensions, by the lengths in the hello. */
function extensionsOf(hello: Buffer): number[] {
  let at = 43;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  const types: number[] = [];
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) types.push(hello.readUInt16BE(at));
  expect(at).toBe(hello.length);
  return types;
}

test.each(['a.b', 'www.example.org', 'x'.repeat(182)])('a hello to %s is as long as every hello, and whole', (domain) => {
  const hello = clientHello(domain);
  expect(hello).toHaveLength(HELLO_BYTES);
  expect(hello.includes(domain)).toBe(true);
  const types = extensionsOf(hello);
  expect(new Set(types).size).toBe(types.length);
  expect(types).toEqual(expect.arrayContaining([0x0000, 0x000a, 0x002b, 0x0033, 0x0015]));
});

test('no two hellos are alike: key, session and the order of the extensions differ', () => {
  const orders = new Set(Array.from({ length: 20 }, () => extensionsOf(clientHello('example.org')).slice(1, -2).join()));
  expect(orders.size).toBeGreaterThan(15);
});

test('what is put into records comes out of them, however the network cuts it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 9000 }), fc.integer({ min: 1, max: 4000 }), async (content, cut) => {
      const writer = new TlsRecordWriter();
      writer.end(Buffer.from(content));
      const sent = await buffer(writer);
      expect(sent.subarray(0, 6).toString('hex')).toBe('140303000101');
      const reader = new TlsRecordReader();
      for (let at = 6; at < sent.length; at += cut) reader.write(sent.subarray(at, at + cut));
      reader.end();
      expect((await buffer(reader)).equals(content)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('a record of another kind ends the stream', async () => {
  const source = new PassThrough();
  const reader = new TlsRecordReader();
  pipeline([source, reader], () => undefined);
  source.write(Buffer.from('15030300020228', 'hex'));
  await expect(once(reader, 'data')).rejects.toThrow('broke its TLS off');
});
