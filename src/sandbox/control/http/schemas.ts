import { z } from 'zod';

export const userRef = z.string().min(1);
export const chatRef = z.string().min(1);
export const messageRef = z.coerce.number().int().positive();

export const entity = z.object({
  type: z.enum([
    'bold',
    'italic',
    'underline',
    'strike',
    'code',
    'pre',
    'quote',
    'collapsed-quote',
    'spoiler',
    'url',
    'text-url',
    'mention',
    'mention-name',
    'hashtag',
    'bot-command',
  ]),
  offset: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
});

export const newUser = z.object({
  firstName: z.string().min(1),
  lastName: z.string().exactOptional(),
  username: z.string().exactOptional(),
  phone: z.string().exactOptional(),
  twoFactorPassword: z.string().exactOptional(),
  bot: z.boolean().exactOptional(),
});

export const newChat = z.object({
  kind: z.enum(['group', 'supergroup', 'channel']),
  title: z.string().min(1),
  members: z.array(userRef).min(1),
  username: z.string().exactOptional(),
});

export const textToSend = z.object({
  from: userRef,
  to: chatRef,
  text: z.string().min(1),
  entities: z.array(entity).exactOptional(),
  replyTo: messageRef.exactOptional(),
  viaBot: userRef.exactOptional(),
});

/** In the query, since the body is the file. */
export const mediaToSend = z.object({
  kind: z.enum(['voice', 'video-note', 'audio', 'video', 'file', 'photo']),
  from: userRef,
  to: chatRef,
  durationSec: z.coerce.number().nonnegative().exactOptional(),
  replyTo: messageRef.exactOptional(),
  caption: z.string().exactOptional(),
  fileName: z.string().exactOptional(),
  dc: z.enum(['2', '4']).transform((dc) => (dc === '2' ? 2 : 4)).exactOptional(),
  /** The name of a prepared clip, in place of a body. */
  clip: z.string().exactOptional(),
});

export const forwardToSend = z.object({ from: userRef, to: chatRef, message: messageRef });
export const editToMake = z.object({ text: z.string(), entities: z.array(entity).exactOptional() });

const timeoutMs = z.coerce.number().int().positive().max(600_000).exactOptional();

/** Conditions that all have to hold of the message that is waited for. */
export const messageWait = z.object({
  replyTo: messageRef.exactOptional(),
  from: userRef.exactOptional(),
  chat: chatRef.exactOptional(),
  contains: z.string().exactOptional(),
  timeoutMs,
});

export const rpcWait = z.object({ method: z.string().min(1), userId: userRef.exactOptional(), timeoutMs });

const dcId = z.union([z.literal(2), z.literal(4)]).default(2);
const times = z.number().int().positive().default(1);
const error = { code: z.number().int(), message: z.string().min(1) };
const on = z.boolean().default(true);
const method = z.string().min(1);
const user = userRef;
const chat = chatRef;

/** One thing that is to go wrong, or to be put right again. */
export const faultToMake = z.discriminatedUnion('fault', [
  z.object({ fault: z.literal('failNext'), method, ...error, times }),
  z.object({ fault: z.literal('failEvery'), method, ...error, everyNth: z.number().int().positive() }),
  z.object({ fault: z.literal('silenceNext'), method, takesEffect: z.boolean().default(false), times }),
  z.object({ fault: z.literal('cutNext'), method, takesEffect: z.boolean().default(false), times }),
  z.object({ fault: z.literal('delay'), method, ms: z.number().positive(), times: times.exactOptional() }),
  z.object({ fault: z.literal('clear') }),
  z.object({ fault: z.literal('expireFileReferences'), message: z.union([messageRef, z.literal('all')]) }),
  z.object({ fault: z.literal('moveFile'), message: messageRef, dcId }),
  z.object({ fault: z.literal('loseUpdates'), user, on }),
  z.object({ fault: z.literal('pushTooLong'), user }),
  z.object({ fault: z.literal('forgetUpdatesOf'), user }),
  z.object({ fault: z.literal('forgetUpdatesIn'), chat }),
  z.object({
    fault: z.literal('revokeSessions'),
    user,
    reason: z.enum(['SESSION_REVOKED', 'AUTH_KEY_UNREGISTERED', 'USER_DEACTIVATED']).default('SESSION_REVOKED'),
  }),
  z.object({ fault: z.literal('restoreSessions'), user }),
  z.object({ fault: z.literal('forgetKeysOf'), user }),
  z.object({ fault: z.literal('closeSessionsOf'), user }),
  z.object({ fault: z.literal('forbidWriting'), chat, user, on }),
  z.object({ fault: z.literal('removeMember'), chat, user, on }),
  z.object({ fault: z.literal('dropAll'), dcId, how: z.enum(['fin', 'rst']).default('rst') }),
  z.object({ fault: z.literal('refuse'), dcId, on }),
  z.object({ fault: z.literal('mute'), dcId, on }),
  z.object({ fault: z.literal('pongDelay'), dcId, ms: z.number().nonnegative() }),
  z.object({ fault: z.literal('sendDelay'), dcId, ms: z.number().nonnegative() }),
  z.object({ fault: z.literal('clockSkew'), dcId, ms: z.number() }),
]);

export type FaultToMake = z.infer<typeof faultToMake>;
