import { describeDatabase, examine } from '../../books/examine.ts';
import type { Column, Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

const columns: readonly Column[] = [
  { key: 'check' },
  { key: 'state' },
  { key: 'found', show: (value) => (value as string[]).join('; ') || '-' },
  { key: 'hint', hidden: true },
];

/** Makes the checks and says what to do about what they found. */
export async function run(context: Context): Promise<Outcome> {
  const db = await context.database();
  const { server, schema, setUpBy } = await describeDatabase(db);
  const examined = await examine(db, await context.now());
  const wrong = examined.filter(({ found }) => found.length > 0);
  return {
    title: `PostgreSQL ${server}, schema ${schema} by subctl ${setUpBy}`,
    columns,
    rows: examined.map((each) => ({ ...each, state: each.found.length === 0 ? 'ok' : 'found' })),
    footer: wrong.map(({ check, hint }) => `${check}: ${hint}`),
    ...(wrong.length > 0 ? { exit: 'refused' as const } : {}),
  };
}
