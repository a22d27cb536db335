/** Where chosen settings are kept, as text. */
export interface SettingsStore {
  read(module: string): Promise<Readonly<Record<string, string>>>;
  /** All of it or nothing: a text is written, undefined is removed. */
  write(module: string, changes: Readonly<Record<string, string | undefined>>): Promise<void>;
}

/** Seals secrets for keeping. What a secret is for opens it for that alone. */
export interface SecretSeal {
  seal(purpose: string, secret: string): Promise<string>;
  /** Undefined where it cannot be opened any more. */
  open(purpose: string, sealed: string): Promise<string | undefined>;
}
