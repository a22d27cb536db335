import { describe, expect, it } from 'vitest';
import { capabilities } from '../../../src/modules/contract/capabilities.js';
import { CommandRefusal } from '../../../src/modules/contract/command-refusal.js';
import { defineModule } from '../../../src/modules/contract/define-module.js';
import { fromBase64, toBase64 } from '../../../src/modules/foreign/inside/globals.mjs';
import * as inside from '../../../src/modules/foreign/inside/module-api.mjs';

describe('what a module imports inside the boundary', () => {
  it('is what the contract is outside', () => {
    const about = { en: { title: 'A', summary: 'b' }, ru: { title: 'А', summary: 'б' } };
    const command = { name: 'x', about: { en: { summary: 's', examples: [] }, ru: { summary: 's', examples: [] } }, run: async () => Promise.resolve(undefined) };
    const watcher = { name: 'w', filter: {}, run: async () => Promise.resolve() };
    const bare = { name: 'bare', version: '1.0.0', about };
    const full = { ...bare, uses: ['store'] as const, settings: {}, commands: () => [command], watchers: () => [watcher], tasks: () => [], migrations: [], stop: async () => Promise.resolve() };
    expect(inside.defineModule(bare)).toEqual(defineModule(bare));
    expect(inside.defineModule(full)).toEqual(defineModule(full));
    expect(inside.capabilities).toEqual(capabilities);
    const [one, other] = [new inside.CommandRefusal('no', { cause: 1 }), new CommandRefusal('no', { cause: 1 })];
    const parts = ({ forPerson, message, name, cause }: Error & { forPerson: string }) => ({ forPerson, message, name, cause });
    expect(parts(one)).toEqual(parts(other));
  });

  it('turns bytes into base64 and back as everybody does', () => {
    for (const length of [0, 1, 2, 3, 4, 5, 255, 256, 1000]) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) % 256);
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }
  });

  it('reads and writes UTF-8 as everybody does, the broken kind too', async () => {
    const globals = (await import('../../../src/modules/foreign/inside/globals.mjs')) as unknown as { Utf8Decoder: typeof TextDecoder; Utf8Encoder: typeof TextEncoder };
    for (const text of ['', 'plain', 'Привет, 🌍!', '\ud800 lonely', 'a\u0000b', '\uffff']) {
      expect(new globals.Utf8Encoder().encode(text)).toEqual(new TextEncoder().encode(text));
      expect(new globals.Utf8Decoder().decode(new TextEncoder().encode(text))).toBe(new TextDecoder().decode(new TextEncoder().encode(text)));
    }
    for (const bytes of [[0xff], [0xc3], [0xe2, 0x82], [0xc0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0xed, 0xa0, 0x80]]) {
      expect(new globals.Utf8Decoder().decode(Uint8Array.from(bytes))).toMatch(/^\ufffd+$/);
    }
  });
});
