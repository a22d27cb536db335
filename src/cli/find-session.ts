import { join } from 'node:path';
import type { Config } from '../config/load-config.js';
import { SessionVault } from '../telegram/session-vault.js';

/** The vault of sealed sessions below the data folder. */
export function sessionVault(config: Config): SessionVault {
  const { sessionPassphrase: passphrase } = config;
  return new SessionVault({ folder: join(config.dataDir, 'session'), ...(passphrase === undefined ? {} : { passphrase }) });
}

/** The account's session: the one in the environment wins over the sealed one. A secret. */
export async function findSession(config: Config, accountId: string): Promise<string | undefined> {
  return config.telegramSession ?? (await sessionVault(config).load(accountId));
}
