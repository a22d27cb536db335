/** The part of the package `input` 1.0.1 that is used; it has no types of its own. */
declare module 'input' {
  export function text(label: string): Promise<string | undefined>;
  export function password(label: string): Promise<string | undefined>;
}
