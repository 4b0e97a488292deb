import { listSettings } from '../../settings/list-settings.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { verb } from '../verb.ts';

export const command = verb({
  examples: [
    ['subctl config list', 'all settings with their values'],
    ['subctl config list --format csv', 'for a spreadsheet'],
  ],
  rows: 'list',
}).description(
  'Shows the value, default and description of each setting. docs/settings.md has the same list.',
);

/** Lists the settings of the database. */
export async function run(context: Context): Promise<Outcome> {
  return {
    columns: [
      { key: 'key', title: 'setting' },
      {
        key: 'value',
        show: (value, { unit }) =>
          `${String(value)} ${/^(days|hours|months|charges)$/.test(String(unit)) ? String(unit) : ''}`.trim(),
      },
      { key: 'unit', hidden: true },
      { key: 'default' },
      { key: 'source', hidden: true },
      { key: 'about', title: 'description' },
      { key: 'values', hidden: true },
      { key: 'changed_at', hidden: true },
    ],
    rows: (await listSettings(await context.database())).map((row) => ({ ...row })),
  };
}
