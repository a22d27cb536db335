import type { ModuleLanguage, PeerId } from '../../contract/index.js';
import type { ModuleDirectory } from '../../host/module-directory.js';
import type { AccountSettings } from '../../settings/account-settings.js';

/** A chat or person that was put aside. */
export interface IgnoredPeer {
  peer: PeerId;
  name: string;
  sinceMs: number;
}

/** How the owner wants commands typed and answered; each change counts at once. */
export interface OwnerChoicesPort {
  readonly prefix: string;
  readonly configuredPrefix: string;
  readonly language: ModuleLanguage;
  readonly aliases: ReadonlyMap<string, string>;
  readonly ignored: readonly IgnoredPeer[];
  choosePrefix(prefix: string): Promise<void>;
  chooseLanguage(language: ModuleLanguage): Promise<void>;
  setAlias(name: string, meaning: string): Promise<void>;
  /** False where there was none. */
  removeAlias(name: string): Promise<boolean>;
  /** False where it was ignored already. */
  ignore(ignored: IgnoredPeer): Promise<boolean>;
  /** False where it was not ignored. */
  unignore(peer: PeerId): Promise<boolean>;
}

export interface SettingsModulePorts {
  /** Asked when a command runs: the directory is made of the modules. */
  directory: () => ModuleDirectory;
  settings: Pick<AccountSettings, 'states' | 'change'>;
  choices: OwnerChoicesPort;
}
