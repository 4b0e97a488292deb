import { listRetention } from '../../privacy/retention.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Lists how long what is kept. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [{ key: 'table' }, { key: 'kept' }, { key: 'setting' }, { key: 'about', title: 'what it is' }],
    rows: (await listRetention(await context.database())).map((row) => ({ ...row })),
  };
}
