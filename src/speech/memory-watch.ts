const MIB = 2 ** 20;
/** Buffers for a full window come with the first one, and are no leak. */
const LEAST_ALLOWANCE = 256 * MIB;
const ALLOWANCE_SHARE = 0.5;

/** Whether the memory of one run of the engine has grown beyond what its first request needed. */
export class MemoryWatch {
  #firstBytes: number | undefined;

  /** `allowedGrowthBytes`: default 256 MiB, or half of what it was, whichever is more. */
  constructor(private readonly allowedGrowthBytes?: number) {}

  /** Takes what is in use after a request; answers by how much it is too much, undefined where it is not. */
  growthTooLarge(bytes: number): number | undefined {
    this.#firstBytes ??= bytes;
    const growth = bytes - this.#firstBytes;
    const allowed = this.allowedGrowthBytes ?? Math.max(LEAST_ALLOWANCE, ALLOWANCE_SHARE * this.#firstBytes);
    return growth > allowed ? growth : undefined;
  }
}
