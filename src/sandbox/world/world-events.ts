import type { WorldChat, WorldMessage } from './model.js';

/** What happens in the sandbox, as scenarios and the chat page see it. */
export type WorldEvent =
  | { kind: 'message'; message: WorldMessage }
  | { kind: 'edit'; message: WorldMessage }
  /** `userIds` are those who no longer have the messages; the messages' `ids` still say which they were. */
  | { kind: 'delete'; chat: WorldChat; messages: WorldMessage[]; userIds: string[] }
  | { kind: 'typing'; chat: WorldChat; userId: string }
  | { kind: 'read'; chat: WorldChat; userId: string };

export type WorldListener = (event: WorldEvent) => void;

/** Tells listeners in the order in which things happened. */
export class WorldEvents {
  private readonly listeners = new Set<WorldListener>();

  /** @returns the function that ends the listening. */
  listen(listener: WorldListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: WorldEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}
