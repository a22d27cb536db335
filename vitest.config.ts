import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // Most tests wait for something more than they compute; by itself vitest leaves one of two cores idle.
    maxWorkers: 2,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    // A second, as it would be, is nothing on a loaded machine.
    expect: { poll: { timeout: 20_000 } },
    reporters: ['default', './test/support/count-reporter.ts'],
  },
});
