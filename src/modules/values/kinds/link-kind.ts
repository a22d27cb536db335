import { textKind, type ValueKind } from '../value-kind.js';

const MAX_LENGTH = 2048;

/** An address of the web, without a name and password in it: those are shown where addresses are shown. */
export const linkKind: ValueKind<string> = textKind({
  read: (text) => (isLink(text.trim()) ? text.trim() : undefined),
  takes: (texts) => texts.takes.link,
  nearest: (text) => (/^[^\s:/]+\.[^\s:/.]{2,}(\/\S*)?$/.test(text.trim()) ? `https://${text.trim()}` : undefined),
});

function isLink(text: string): boolean {
  if (text.length > MAX_LENGTH || !/^https?:\/\/[^/\s]\S*$/i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username + password === '';
}
