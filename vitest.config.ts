import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // each worker's files have databases of their own; more workers than this only wait for the same disk
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.SUBCTL_TALLY ? ['default', './scripts/tally-reporter.mjs'] : ['default'],
  },
});
