import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';

/** Prints the settings as they were read, passwords hidden. */
export async function run(context: Context): Promise<Outcome> {
  const { shown } = await context.settings();
  return {
    columns: [
      { key: 'key', title: 'setting' },
      { key: 'value' },
      { key: 'source' },
      { key: 'about', hidden: true },
    ],
    rows: shown.map((setting) => ({ ...setting })),
  };
}
