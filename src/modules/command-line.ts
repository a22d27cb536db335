/** A command as it was typed. */
export interface CommandLine {
  /** Lower case, without the prefix. */
  name: string;
  args: string[];
}

/**
 * Reads `.name arg arg`. Undefined where the text is no command: no prefix, the prefix doubled (it escapes) or alone,
 * a space or an ellipsis after it.
 */
export function parseCommandLine(text: string, prefix: string): CommandLine | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const [name = '', ...args] = text.slice(prefix.length).split(/\s+/);
  if (!/^\p{L}[\p{L}\p{N}_-]*$/u.test(name)) return undefined;
  return { name: name.toLowerCase(), args: args.filter((arg) => arg !== '') };
}
