import { defineConfig } from 'vitest/config';
import { mendingTests } from './scripts/mended-postgres.mjs';

export default defineConfig({
  plugins: [mendingTests()],
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { inline: ['postgres'] } },
    globalSetup: ['test/support/global-setup.ts'],
    // each worker's files have databases of their own; more workers than this only wait for the same disk
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: process.env.SUBCTL_TALLY ? ['default', './scripts/tally-reporter.mjs'] : ['default'],
  },
});
