import { z } from 'zod';
import { capabilities, type Capability } from '../contract/capabilities.js';
import { foreignDescription } from './foreign-description.js';
import { moduleName, moduleVersion } from './manifest.js';

/** What was written down of a module when its owner let it in; what is on the disk has to be that, byte for byte. */
export const pinnedModuleSchema = z.strictObject({
  name: moduleName,
  version: moduleVersion,
  /** Of its manifest, which has those of its files. */
  sha256: z.string(),
  /** What it may use: what it asked for, without what was revoked. */
  granted: z.array(z.enum(capabilities as readonly [Capability, ...Capability[]])),
  hosts: z.array(z.string()),
  description: foreignDescription,
  loadedAtMs: z.number(),
});

export type PinnedModule = z.infer<typeof pinnedModuleSchema>;
