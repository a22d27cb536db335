import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Capability, Destination, Downloading, History, ModuleStore, Network, Sending, Transcribing } from '../contract/capabilities.js';
import type { CommandCall } from '../contract/command-definition.js';
import { CommandRefusal } from '../contract/command-refusal.js';
import type { ModuleLog } from '../contract/module-context.js';
import type { PeerId } from '../contract/module-message.js';
import { MAX_FILE_BYTES } from './file-bound.js';
import { answerSchema, readAnswer } from './foreign-answer.js';
import type { OwnMessages } from './own-messages.js';
import { crossingMessage } from './crossing-message.js';

/** One call of a module's function that is under way; only it can be asked for progress, an answer or its own store. */
export interface ForeignScope {
  call?: Pick<CommandCall<Record<string, never>, Record<string, never>>, 'progress' | 'confirm' | 'repliedTo'>;
  store?: ModuleStore;
}

/** The parts of a context that capabilities give; absent is not granted. */
export interface GrantedParts {
  send?: Sending;
  history?: History;
  download?: Downloading;
  transcribe?: Transcribing;
  network?: Network;
  store?: ModuleStore;
}

/** What the core does for a module of somebody else. */
export interface HostSide {
  parts: GrantedParts;
  log: ModuleLog;
  shown: { has(chat: PeerId): boolean };
  own: OwnMessages;
  /** Hosts that its network reaches. */
  hosts: ReadonlySet<string>;
  scopeOf(id: number): ForeignScope | undefined;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  texts: { unseenChat: string; notItsOwn: string; hostNotGranted: (host: string) => string };
}

interface HostCallDefinition {
  /** The capability that it belongs to; whoever uses one that was not granted is stopped. */
  readonly needs?: Capability;
  /** Throws a `ZodError` where the input is malformed. */
  answer(input: unknown, side: HostSide, signal: AbortSignal): Promise<unknown>;
}

function hostCall<S extends z.ZodType>(schema: S, run: (input: z.infer<S>, side: HostSide, signal: AbortSignal) => Promise<unknown>, needs?: Capability): HostCallDefinition {
  return { ...(needs !== undefined && { needs }), answer: async (input, side, signal) => run(schema.parse(input), side, signal) };
}

const id = z.string().regex(/^-?\d{1,19}$/);
const messageId = z.number().int().min(1).max(2 ** 31 - 1);
const chat = z.union([z.literal('saved'), z.strictObject({ kind: z.enum(['user', 'group', 'channel']), id })]);
const scope = z.number().int();
const storeKey = z.string().min(1).max(200);
const message = z.strictObject({ chat, messageId });

/** Only chats that the module was shown a message of, and the owner's own. */
function shown(destination: z.infer<typeof chat>, side: HostSide): Destination {
  if (destination === 'saved' || side.shown.has(destination)) return destination;
  throw new CommandRefusal(side.texts.unseenChat);
}

/** Only messages that the module sent itself: with `send` nobody is to lose what others wrote. */
function own(destination: z.infer<typeof chat>, messageIds: readonly number[], side: HostSide): Destination {
  const to = shown(destination, side);
  if (messageIds.every((number) => side.own.has(to, number))) return to;
  throw new CommandRefusal(side.texts.notItsOwn);
}

async function shownMessage(destination: z.infer<typeof chat>, number: number, side: HostSide, signal: AbortSignal) {
  const found = await part(side, 'history').message(placeOf({ chat: destination, messageId: number }, side).chat, number, signal);
  return found === undefined ? undefined : crossingMessage(found);
}

function part<C extends Capability>(side: HostSide, name: C): NonNullable<GrantedParts[C]> {
  const found = side.parts[name];
  if (found === undefined) throw new UngrantedUse(name);
  return found;
}

/** The module reached for what its owner did not grant. */
export class UngrantedUse extends Error {
  constructor(readonly capability: Capability) {
    super(`the module used ${capability}, which it was not granted`);
    this.name = 'UngrantedUse';
  }
}

function storeFor(side: HostSide, scopeId: number | undefined): ModuleStore {
  return (scopeId === undefined ? undefined : side.scopeOf(scopeId)?.store) ?? part(side, 'store');
}

function callOf(side: HostSide, scopeId: number): NonNullable<ForeignScope['call']> {
  const call = side.scopeOf(scopeId)?.call;
  if (call === undefined) throw new CommandRefusal('there is no such call');
  return call;
}

class Changed extends Error {}

/** Writes where what is there is still what the module read: its own function cannot run on this side. */
async function swap(store: ModuleStore, key: string, before: unknown, after: unknown): Promise<boolean> {
  try {
    await store.update(key, (value) => {
      if (!isDeepStrictEqual(value, before)) throw new Changed();
      return after;
    });
    return true;
  } catch (error) {
    if (error instanceof Changed) return false;
    throw error;
  }
}

const fetchInput = z.strictObject({
  url: z.url({ protocol: /^https$/ }).max(2000),
  request: z.strictObject({ method: z.string().max(10).optional(), headers: z.record(z.string().max(100), z.string().max(4000)).optional(), body: z.string().max(200_000).optional() }),
});

const MAX_REDIRECTS = 5;

/** Each hop goes to a host that was granted; what follows it to another is not asked. */
async function fetchGranted({ url, request }: z.infer<typeof fetchInput>, side: HostSide, signal: AbortSignal) {
  const network = part(side, 'network');
  let target = new URL(url);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (target.protocol !== 'https:' || !side.hosts.has(target.host)) throw new CommandRefusal(side.texts.hostNotGranted(target.host.slice(0, 100)));
    const { status, headers, body } = await network.fetch(target.href, withoutUndefined({ ...request, redirect: 'manual' as const }), signal);
    const location = status >= 300 && status < 400 ? headers['location'] : undefined;
    if (location === undefined || (request.method ?? 'GET') !== 'GET') return { status, headers, body: Buffer.from(body).toString('base64') };
    target = new URL(location, target);
  }
  throw new CommandRefusal('too many redirects');
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Absent is absent: optional fields that zod made `undefined` of are left out. */
function withoutUndefined<T extends object>(value: T): Given<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Given<T>;
}

/** Every way from inside the boundary to the core. There is no other. */
export const hostCalls: ReadonlyMap<string, HostCallDefinition> = new Map([
  [
    'log',
    hostCall(z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() }), async ({ level, text }, { log }) => {
      log[level](text.slice(0, 500));
      return Promise.resolve(null);
    }),
  ],
  ['sleep', hostCall(z.strictObject({ ms: z.number().min(0).max(86_400_000) }), async ({ ms }, side, signal) => side.sleep(ms, signal))],
  [
    'call.progress',
    hostCall(z.strictObject({ scope, text: z.string().max(4000) }), async (input, side) => {
      callOf(side, input.scope).progress(input.text);
      return Promise.resolve(null);
    }),
  ],
  ['call.confirm', hostCall(z.strictObject({ scope, question: z.string().max(1000) }), async (input, side, signal) => callOf(side, input.scope).confirm(input.question, signal))],
  [
    'call.repliedTo',
    hostCall(z.strictObject({ scope }), async (input, side, signal) => {
      const found = await callOf(side, input.scope).repliedTo(signal);
      return found === undefined ? undefined : crossingMessage(found);
    }),
  ],
  [
    'send.send',
    hostCall(
      z.strictObject({ to: chat, what: answerSchema, options: z.strictObject({ replyToMessageId: messageId.optional() }) }),
      async ({ to, what, options }, side, signal) => {
        const sent = await part(side, 'send').send(shown(to, side), readAnswer(what) ?? '', withoutUndefined(options), signal);
        side.own.add(to, sent);
        return sent;
      },
      'send',
    ),
  ],
  [
    'send.edit',
    hostCall(
      z.strictObject({ chat, messageId, what: answerSchema }),
      async (input, side, signal) => part(side, 'send').edit(own(input.chat, [input.messageId], side), input.messageId, readAnswer(input.what) ?? '', signal),
      'send',
    ),
  ],
  [
    'send.remove',
    hostCall(
      z.strictObject({ chat, messageIds: z.array(messageId).min(1).max(100) }),
      async (input, side, signal) => part(side, 'send').remove(own(input.chat, input.messageIds, side), input.messageIds, signal),
      'send',
    ),
  ],
  ['history.message', hostCall(message, async (input, side, signal) => shownMessage(input.chat, input.messageId, side, signal), 'history')],
  ['history.person', hostCall(z.strictObject({ reference: z.string().max(64) }), async ({ reference }, side, signal) => part(side, 'history').person(reference, signal), 'history')],
  [
    'download.file',
    hostCall(
      message.extend({ maxBytes: z.number().int().min(1).max(MAX_FILE_BYTES) }),
      async (input, side, signal) => Buffer.from(await part(side, 'download').file(placeOf(input, side), input.maxBytes, signal)).toString('base64'),
      'download',
    ),
  ],
  ['transcribe.voice', hostCall(message, async (input, side, signal) => part(side, 'transcribe').voice(placeOf(input, side), signal), 'transcribe')],
  ['network.fetch', hostCall(fetchInput, fetchGranted, 'network')],
  ['store.get', hostCall(z.strictObject({ key: storeKey, scope: scope.optional() }), async (input, side) => ({ value: await storeFor(side, input.scope).get(input.key) }), 'store')],
  [
    'store.set',
    hostCall(z.strictObject({ key: storeKey, value: z.json(), scope: scope.optional() }), async (input, side) => storeFor(side, input.scope).set(input.key, input.value), 'store'),
  ],
  ['store.delete', hostCall(z.strictObject({ key: storeKey, scope: scope.optional() }), async (input, side) => storeFor(side, input.scope).delete(input.key), 'store')],
  [
    'store.keys',
    hostCall(z.strictObject({ prefix: z.string().max(200), scope: scope.optional() }), async (input, side) => storeFor(side, input.scope).keys(input.prefix), 'store'),
  ],
  [
    'store.swap',
    hostCall(
      z.strictObject({ key: storeKey, before: z.json().optional(), after: z.json().optional(), scope: scope.optional() }),
      async (input, side) => swap(storeFor(side, input.scope), input.key, input.before, input.after),
      'store',
    ),
  ],
]);

/** A message whose bytes or text may be asked for: of Saved Messages only where the module was shown one of them. */
function placeOf(place: z.infer<typeof message>, side: HostSide) {
  if (place.chat === 'saved' || !side.shown.has(place.chat)) throw new CommandRefusal(side.texts.unseenChat);
  return { chat: place.chat, messageId: place.messageId };
}
