import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { IntermediateFraming } from '../../src/sandbox/mtproto/intermediate-framing.js';
import { encodePadded, readPadded } from '../../src/telegram/padded-transport.js';

function sourceOf(bytes: Buffer): { readExactly: (count: number) => Promise<Buffer> } {
  let at = 0;
  return {
    readExactly: (count) => {
      at += count;
      return at > bytes.length ? Promise.reject(new Error('the end')) : Promise.resolve(bytes.subarray(at - count, at));
    },
  };
}

function plainPacket(length: number): Buffer {
  const head = Buffer.alloc(20);
  head.writeUInt32LE(length, 16);
  return Buffer.concat([head, randomBytes(length)]);
}

it.each([0, 1, 40, 1000])('encrypted packets of %i blocks reach the server whole, and come back without their padding', async (blocks) => {
  const framing = new IntermediateFraming(true);
  for (let round = 0; round < 50; round += 1) {
    const packet = randomBytes(24 + 16 * blocks);
    expect(Buffer.concat(framing.decode(encodePadded(packet))).equals(packet)).toBe(true);
    expect((await readPadded(sourceOf(framing.encode(packet)))).equals(packet)).toBe(true);
  }
});

it.each([4, 20, 84])('plain packets with %i bytes of content do so too', async (length) => {
  const framing = new IntermediateFraming(true);
  for (let round = 0; round < 50; round += 1) {
    const packet = plainPacket(length);
    expect(Buffer.concat(framing.decode(encodePadded(packet))).equals(packet)).toBe(true);
    expect((await readPadded(sourceOf(framing.encode(packet)))).equals(packet)).toBe(true);
  }
});

it('a transport error is four bytes, with padding or without', async () => {
  const error = Buffer.from('6cfeffff', 'hex');
  expect(await readPadded(sourceOf(Buffer.concat([Buffer.from('04000000', 'hex'), error])))).toEqual(error);
  expect(await readPadded(sourceOf(Buffer.concat([Buffer.from('0c000000', 'hex'), error, randomBytes(8)])))).toEqual(error);
});

it.each(['00000000', 'ffffffff', '03000000'])('a length of %s ends the connection', async (length) => {
  await expect(readPadded(sourceOf(Buffer.concat([Buffer.from(length, 'hex'), randomBytes(8)])))).rejects.toThrow('a packet of');
});
