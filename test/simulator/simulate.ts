// npm run simulate -- [--seed N] [--seeds N] [--steps N] [--keep-going] [--show CUSTOMER]
import { parseArgs } from 'node:util';
import type { Connection } from '../../src/database/connect.ts';
import { failedChecks } from '../integrity/failed-checks.ts';
import { startTestServer } from '../support/test-server.ts';
import { play, type Played } from './play.ts';
import { makeTemplate, onStage } from './stage.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    steps: { type: 'string', default: '150' },
    show: { type: 'string' },
    'keep-going': { type: 'boolean', default: false },
    narrow: { type: 'boolean', default: false },
  },
});
const [first, count, steps] = [values.seed, values.seeds, values.steps].map(Number) as [
  number,
  number,
  number,
];

const server = await startTestServer();
const total: Record<string, number> = {};
let [agreed, failed] = [0, 0];
try {
  await makeTemplate(server.url, 'simulate_template');
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      const played = await onStage(
        server.url,
        { template: 'simulate_template', name: 'simulate' },
        async (sql) => {
          const done = await play(sql, seed, steps, { wide: !values.narrow }).catch(
            async (error: unknown) => {
              await tell(sql);
              throw error;
            },
          );
          const wrong = await failedChecks(sql, new Date(done.end));
          await tell(sql, done);
          if (wrong.length > 0) throw new Error(`seed ${seed}: doctor --deep says ${JSON.stringify(wrong)}`);
          return done;
        },
      );
      add(played);
      agreed += 1;
    } catch (error) {
      failed += 1;
      process.stderr.write(`${(error as Error).message}\n`);
      if (process.env['SUBCTL_STACK'])
        process.stderr.write(
          `${(error as Error).cause instanceof Error ? ((error as Error).cause as Error).stack : ''}\n`,
        );
      if (!values['keep-going']) break;
    }
  }
} finally {
  await server.stop();
}
const told = Object.entries(total).map(([what, n]) => `${n} ${what}`);
process.stdout.write(
  `${agreed} of ${agreed + failed} seeds agree with the model, ${steps} steps each: ${told.join(', ')}\n`,
);
process.exitCode = failed > 0 ? 1 : 0;

function add({ tally }: Played): void {
  for (const [what, n] of Object.entries(tally)) total[what] = (total[what] ?? 0) + n;
}

/** For the hunt after a fault: what was done to the customer of --show, and what the books say of it. */
async function tell(sql: Connection, played?: Played): Promise<void> {
  const customer = values.show;
  if (customer === undefined) return;
  process.stderr.write(`${(played?.done[customer] ?? []).join('\n')}\n`);
  for (const table of [
    'subscription_phases',
    'usage_resets',
    'renewals',
    'invoices',
    'usage_events',
    'usage_counters',
    'customer_windows',
    'credit_grants',
    'credit_entries',
  ]) {
    const rows = await sql.unsafe(
      `select to_jsonb(t)::text as line from subctl.${table} t where customer_id = $1 order by 1`,
      [customer],
    );
    process.stderr.write(`${table}\n${rows.map((row) => row['line'] as string).join('\n')}\n`);
  }
}
