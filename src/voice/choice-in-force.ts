/** Who said so, the strongest first. */
export type ChoiceSource = 'person' | 'chat' | 'account' | 'setting';

export interface ChoiceInForce<T> {
  choice: T;
  because: ChoiceSource;
}

/** What counts for a voice: what was chosen for the person beats the chat beats the account beats the setting. Pure. */
export function choiceInForce<T>(chosen: Readonly<Partial<Record<Exclude<ChoiceSource, 'setting'>, T>>>, setting: T): ChoiceInForce<T> {
  for (const because of ['person', 'chat', 'account'] as const) {
    const choice = chosen[because];
    if (choice !== undefined) return { choice, because };
  }
  return { choice: setting, because: 'setting' };
}
