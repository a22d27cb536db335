/** Chats that take nothing from this account, for a while: what was refused may be allowed again later. Times are the caller's. */
export class RefusedChats {
  readonly #chats = new Map<string, { code: string; untilMs: number }>();

  note(key: string, code: string, untilMs: number): void {
    this.#chats.set(key, { code, untilMs });
  }

  /** Telegram's code of the refusal, or undefined where the chat takes messages as far as is known. */
  codeOf(key: string, nowMs: number): string | undefined {
    const refusal = this.#chats.get(key);
    if (refusal !== undefined && refusal.untilMs > nowMs) return refusal.code;
    this.#chats.delete(key);
    return undefined;
  }

  forget(key: string): void {
    this.#chats.delete(key);
  }

  count(nowMs: number): number {
    return [...this.#chats.keys()].filter((key) => this.codeOf(key, nowMs) !== undefined).length;
  }
}
