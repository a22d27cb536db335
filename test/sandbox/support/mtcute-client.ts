import { createRequire } from 'node:module';
import { MemoryStorage } from '@mtcute/core';
import { TelegramClient } from '@mtcute/core/client.js';
import { setPlatform } from '@mtcute/core/platform.js';
import { addPublicKey } from '@mtcute/core/utils.js';
import { __tlReaderMap } from '@mtcute/tl/binary/reader.js';
import { __tlWriterMap } from '@mtcute/tl/binary/writer.js';
import { bringToLayer, type LayerMaps } from './mtcute-layer.js';
import { NodeCrypto, nodePlatform, obfuscatedIntermediate, type NodeTransport } from './mtcute-platform.js';

export interface MtcuteOptions {
  publicKeyPem: string;
  dc: { id: number; port: number };
  transport?: () => NodeTransport;
}

interface OwnSchema {
  e: { name: string; arguments: { name: string; type: string }[] }[];
}

const require = createRequire(import.meta.url);

/** The TL of the installed client library as text, and its layer; undefined where it ships none. */
function librarySchema(): { text: string; layer: number } | undefined {
  try {
    const text = require('telegram/tl/apiTl.js') as string;
    const { LAYER } = require('telegram/tl/AllTLObjects.js') as { LAYER: number };
    return { text, layer: LAYER };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Why mtcute cannot be used here; undefined where it can. */
export function whyNoMtcute(): string | undefined {
  return librarySchema() ? undefined : 'the installed client library ships its schema in no form that mtcute could be given';
}

/** A client of other authors, on the layer that the sandbox speaks. Its transport is obfuscated unless said otherwise. */
export function mtcuteClient({ publicKeyPem, dc, transport = obfuscatedIntermediate }: MtcuteOptions): TelegramClient {
  setPlatform(nodePlatform);
  const crypto = new NodeCrypto();
  addPublicKey(crypto, publicKeyPem);
  const main = { ipAddress: '127.0.0.1', ...dc };
  return new TelegramClient({
    apiId: 1,
    apiHash: 'hash',
    storage: new MemoryStorage(),
    crypto,
    transport,
    defaultDcs: { main, media: main },
    logLevel: 0,
    // With several connections of a kind to a new data centre mtcute 0.17 wakes only the first when the key is there.
    network: { connectionCount: () => 1 },
    ...layerOptions(),
  });
}

function layerOptions(): LayerMaps & { overrideLayer: number } {
  const schema = librarySchema();
  if (!schema) throw new Error(whyNoMtcute());
  const own = require('@mtcute/tl/api-schema.json') as OwnSchema;
  const int53 = new Set<string>();
  for (const entry of own.e) {
    for (const argument of entry.arguments) if (argument.type === 'int53') int53.add(`${entry.name}.${argument.name}`);
  }
  const maps = bringToLayer(
    schema.text,
    { readerMap: __tlReaderMap, writerMap: __tlWriterMap },
    (constructor, argument) => int53.has(`${constructor}.${argument}`),
  );
  return { ...maps, overrideLayer: schema.layer };
}
