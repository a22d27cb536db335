import { z } from 'zod';
import { capabilities, type Capability } from '../contract/capabilities.js';
import { MANIFEST_NAME, isSafePath, packageLimits } from './package-limits.js';
import { PackageProblem } from './package-problem.js';

/** The version of the contract that this program speaks. */
export const CONTRACT_VERSION = 1;

const line = (length: number) => z.string().trim().min(1).max(length).regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u);
const about = z.strictObject({ title: line(40), summary: line(200) });

/** Names of hosts as they stand in a link; no addresses, which name nobody. */
const host = z.string().regex(/^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/);

export const moduleName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/);
export const moduleVersion = z.string().regex(/^\d{1,5}\.\d{1,5}\.\d{1,5}(-[0-9A-Za-z.-]{1,20})?$/);

const manifestSchema = z
  .strictObject({
    contract: z.literal(CONTRACT_VERSION),
    name: moduleName,
    version: moduleVersion,
    about: z.strictObject({ en: about, ru: about }),
    uses: z.array(z.enum(capabilities as readonly [Capability, ...Capability[]])).max(capabilities.length),
    /** Hosts that it wants to reach; only with `network` among `uses`. */
    network: z.array(host).max(10).default([]),
    entry: z.string().refine(isSafePath),
    /** Path → SHA-256 in hexadecimal digits. */
    files: z.record(z.string().refine(isSafePath), z.string().regex(/^[0-9a-f]{64}$/)),
  })
  .refine(({ files, entry }) => Object.hasOwn(files, entry), { path: ['entry'], message: 'is not among the files' })
  .refine(({ files }) => Object.keys(files).length <= packageLimits.files, { path: ['files'], message: 'are too many' })
  .refine(({ uses }) => new Set(uses).size === uses.length, { path: ['uses'], message: 'names something twice' })
  .refine(({ uses, network }) => uses.includes('network') === network.length > 0, { path: ['network'], message: 'and the capability `network` come together' });

/** What a package says of itself. */
export type Manifest = z.infer<typeof manifestSchema>;

/** Throws `PackageProblem` where it is not a manifest of this version of the contract. */
export function readManifest(bytes: Uint8Array): Manifest {
  if (bytes.byteLength > packageLimits.manifestBytes) throw new PackageProblem('manifest', `> ${packageLimits.manifestBytes} B`);
  const data = asJson(bytes);
  const version: unknown = typeof data === 'object' && data !== null && 'contract' in data ? data.contract : undefined;
  if (version !== CONTRACT_VERSION && Number.isSafeInteger(version)) throw new PackageProblem('contract', String(version));
  const parsed = manifestSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new PackageProblem('manifest', issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`.slice(0, 200));
}

function asJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new PackageProblem('manifest', MANIFEST_NAME, { cause: error });
  }
}
