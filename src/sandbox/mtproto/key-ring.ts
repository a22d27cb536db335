import { randomBytes } from 'node:crypto';
import { toAuthKey, type AuthKey } from './auth-key.js';
import type { NewAuthKey } from './handshake.js';
import { ServerSalts } from './server-salts.js';

/** An auth key that the data centre knows. */
export interface KnownKey {
  authKey: AuthKey;
  salts: ServerSalts;
  /** Server time, ms, after which a temporary key is unknown; undefined: permanent. */
  expiresAtMs: number | undefined;
  /** The permanent key that a temporary one stands for. */
  boundTo: string | undefined;
  /** What the client said with invokeWithLayer and initConnection; undefined before. */
  layer: number | undefined;
}

/** The auth keys of one data centre. */
export class KeyRing {
  private readonly keys = new Map<string, KnownKey>();

  constructor(private readonly now: () => number) {}

  /** False where there is a key with this id already. */
  add({ authKey, salt, expiresInSeconds }: NewAuthKey): boolean {
    if (this.find(authKey.id)) return false;
    const nowMs = this.now();
    this.keys.set(authKey.id, {
      authKey,
      salts: new ServerSalts(Math.floor(nowMs / 1000), salt),
      expiresAtMs: expiresInSeconds === undefined ? undefined : nowMs + expiresInSeconds * 1000,
      boundTo: undefined,
      layer: undefined,
    });
    return true;
  }

  /** A permanent key that no handshake made. */
  create(): AuthKey {
    const authKey = toAuthKey(randomBytes(256));
    return this.add({ authKey, salt: randomBytes(8).readBigUInt64LE(), expiresInSeconds: undefined })
      ? authKey
      : this.create();
  }

  /** The key, unless it is unknown or over. */
  find(id: string): KnownKey | undefined {
    const known = this.keys.get(id);
    if (known?.expiresAtMs !== undefined && known.expiresAtMs <= this.now()) {
      this.keys.delete(id);
      return undefined;
    }
    return known;
  }

  /** Forgets a key, and with it the temporary keys that stand for it. */
  forget(id: string): void {
    for (const temporary of this.temporaryOf(id)) this.keys.delete(temporary);
    this.keys.delete(id);
  }

  /** The ids under which a permanent key's owner may come: its own and those bound to it. */
  aliasesOf(id: string): string[] {
    return [id, ...this.temporaryOf(id)];
  }

  private temporaryOf(id: string): string[] {
    return [...this.keys.values()].filter((known) => known.boundTo === id).map((known) => known.authKey.id);
  }
}
