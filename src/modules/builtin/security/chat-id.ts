/** A chat as clients show its id, and as it can be typed: `g1` → `-1`, `c1234567890` → `-1001234567890`, a person's `u1` → `1`. */
export function chatId(key: string): string {
  const id = key.slice(1);
  if (key.startsWith('c')) return `-100${id}`;
  return key.startsWith('g') ? `-${id}` : id;
}
