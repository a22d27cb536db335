/** Signs that begin what people write anyway, or that a phone or a client makes something else of. */
const UNFIT = /["'`„“”«»‘’@#]|^(?:\.{2,}|-{2,}|\*\*|__|~~|\|\||…)/u;

/** Whether commands may begin with it: one to three signs that are no letters, digits or spaces. */
export function isPrefix(text: string): boolean {
  return /^[\p{P}\p{S}]{1,3}$/u.test(text) && !UNFIT.test(text) && !/\p{Extended_Pictographic}/u.test(text);
}
