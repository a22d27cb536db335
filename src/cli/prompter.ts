/** Asks the person at the terminal. Rejects with the signal's reason, and with `PromptCancelledError` at Ctrl-C. */
export interface Prompter {
  /** The line that was typed, shown as it is typed. */
  text(question: string, signal: AbortSignal): Promise<string>;
  /** The line that was typed, never shown. */
  password(question: string, signal: AbortSignal): Promise<string>;
}
