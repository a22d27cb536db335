import { tlJson } from '../world/tl/tl-json.js';
import type { WorldEvent } from '../world/world-events.js';
import type { World } from '../world/world.js';
import type { RpcOutcome, RpcRecord } from './rpc-log.js';
import { messageView } from './views.js';
import type { SandboxMessage } from './views.js';

/** What happened, as plain data. */
export type SandboxEvent =
  | { type: 'message' | 'edit'; message: SandboxMessage }
  | { type: 'delete'; chatKey: string; messageKeys: number[]; userIds: string[] }
  | { type: 'typing' | 'read'; chatKey: string; userId: string };

export function eventView(world: World, event: WorldEvent): SandboxEvent {
  switch (event.kind) {
    case 'message':
    case 'edit':
      return { type: event.kind, message: messageView(world, event.message) };
    case 'delete': {
      const messageKeys = event.messages.map(({ key }) => key);
      return { type: 'delete', chatKey: event.chat.key, messageKeys, userIds: event.userIds };
    }
    case 'typing':
    case 'read':
      return { type: event.kind, chatKey: event.chat.key, userId: event.userId };
  }
}

/** One call with its arguments and its end. */
export interface RpcView {
  index: number;
  atMs: number;
  method: string;
  dcId: number;
  userId?: string;
  request: unknown;
  outcome?: { kind: RpcOutcome['kind']; code?: number; message?: string; answer?: unknown };
}

export function rpcView({ index, atMs, method, caller, userId, request, outcome }: RpcRecord): RpcView {
  return {
    index,
    atMs,
    method,
    dcId: caller.dcId,
    ...(userId === undefined ? {} : { userId }),
    request: tlJson(request),
    ...(outcome ? { outcome: outcome.kind === 'answer' ? { ...outcome, answer: tlJson(outcome.answer) } : outcome } : {}),
  };
}
