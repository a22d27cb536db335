import type { RichAnswer } from './answer.js';
import type { ModuleMessage, PeerId } from './module-message.js';

/** Where something is sent: a chat that a message named, or the owner's Saved Messages. */
export type Destination = PeerId | 'saved';

export interface Person {
  id: string;
  name: string;
  username?: string;
}

export interface SendOptions {
  replyToMessageId?: number;
  /** A name of this message among all that the module sends: what is sent again under the same name is not posted again, also after a restart. */
  once?: string;
}

/** Everything goes through the governor. A chat that the account has not met rejects with `CommandRefusal`. */
export interface Sending {
  /** Resolves with the message's id once Telegram has it (the first, where the text had to be split). */
  send(to: Destination, what: string | RichAnswer, options: SendOptions | undefined, signal: AbortSignal): Promise<number>;
  edit(chat: Destination, messageId: number, text: string | RichAnswer, signal: AbortSignal): Promise<void>;
  remove(chat: Destination, messageIds: readonly number[], signal: AbortSignal): Promise<void>;
}

export interface History {
  /** Undefined where it is deleted. */
  message(chat: Destination, messageId: number, signal: AbortSignal): Promise<ModuleMessage | undefined>;
  /** By `@name`, id, or `me`; undefined where nobody has it or this account has not met them. */
  person(reference: string, signal: AbortSignal): Promise<Person | undefined>;
}

export interface Downloading {
  /** All bytes of a message's voice or file; rejects where they are more than `maxBytes` (50 MB at most), before the first. */
  file(message: Pick<ModuleMessage, 'chat' | 'messageId'>, maxBytes: number, signal: AbortSignal): Promise<Uint8Array>;
}

export interface Transcribing {
  /** The text of a voice, punctuated, and its language; both empty where there is no speech. Says nothing in the chat. */
  voice(message: Pick<ModuleMessage, 'chat' | 'messageId'>, signal: AbortSignal): Promise<{ text: string; language: string; audioMs: number }>;
}

export interface NetworkRequest {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Default `follow`: five times at most. `manual`: the answer that points elsewhere is the answer. */
  redirect?: 'follow' | 'manual';
}

export interface NetworkAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
}

export interface Network {
  /**
   * https only, never to an address of this machine or its network; 30 s and 5 MB at most, no cookies. Rejects with
   * `CommandRefusal` where that is not kept; an answer of any status resolves.
   */
  fetch(url: string, request: NetworkRequest | undefined, signal: AbortSignal): Promise<NetworkAnswer>;
}

/** JSON under keys of the module's own, per account. Each call is atomic. */
export interface ModuleStore {
  get(key: string): Promise<unknown>;
  /** Rejects where the value is no JSON, or over 256 KB, or the module has over 10,000 keys or 16 MB. */
  set(key: string, value: unknown): Promise<void>;
  /** Whether there was one. */
  delete(key: string): Promise<boolean>;
  /** Sorted; all that begin with the prefix. */
  keys(prefix?: string): Promise<string[]>;
  /** Reads, changes and writes as one; `change` may run again where another write came between. Undefined deletes. */
  update(key: string, change: (value: unknown) => unknown): Promise<unknown>;
}

/** What a module may use; it gets nothing that it did not declare, and a module of somebody else nothing that its owner did not grant. */
export interface CapabilityParts {
  send: { readonly send: Sending };
  history: { readonly history: History };
  download: { readonly download: Downloading };
  transcribe: { readonly transcribe: Transcribing };
  network: { readonly network: Network };
  store: { readonly store: ModuleStore };
}

export type Capability = keyof CapabilityParts;

export const capabilities: readonly Capability[] = ['send', 'history', 'download', 'transcribe', 'network', 'store'];
