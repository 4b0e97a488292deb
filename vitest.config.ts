import { defineConfig } from 'vitest/config';
import { mendingTests } from './scripts/mended-postgres.mjs';
import { SlowestFirst } from './scripts/slowest-first.mjs';

export default defineConfig({
  plugins: [mendingTests()],
  test: {
    include: ['test/**/*.test.ts'],
    server: { deps: { inline: ['postgres'] } },
    globalSetup: ['test/support/global-setup.ts'],
    // each worker's files have databases of their own; one more than two cores, since some files wait for a clock or a process
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
    // they end what hangs, and nothing that is only slow: no test sets a shorter one (test/house/timeouts.test.ts)
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    reporters: process.env.SUBCTL_TALLY ? ['default', './scripts/tally-reporter.mjs'] : ['default'],
  },
});
