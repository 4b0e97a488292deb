import type { PartDifference } from '../../catalog/compare-catalogues.ts';
import { diffFrom } from '../../catalog/diff-from.ts';
import { openCatalogue } from '../../catalog/open-catalogue.ts';
import type { Outcome } from '../../terminal/outcome.ts';
import type { Context } from '../context.ts';
import { type Options, verb } from '../verb.ts';
import { presetOption } from './options.ts';

export const command = verb({
  examples: [
    ['subctl plans diff plans.yaml', 'show what plans load --update would change'],
    ['subctl plans diff mobix --json', 'compare with a shipped catalogue, as JSON'],
  ],
  exits: [3, 4],
  rows: true,
})
  .description(
    'Exit code 0 means that loading the catalogue changes nothing. Exit code 4 means that it changes ' +
      'something.',
  )
  .argument('<catalogue>', 'a YAML or JSON file, or a shipped catalogue')
  .addOption(presetOption);

/** Prints what loading a catalogue would change. */
export async function run(
  context: Context,
  catalogue: string,
  { preset }: Options<typeof command>,
): Promise<Outcome> {
  const opened = await openCatalogue(catalogue, { cwd: context.cwd, preset });
  const { found, beside } = await diffFrom(await context.database(), opened);
  const rows = summarise(found).flatMap(({ part, id, isNew, differences }) =>
    (isNew && differences.length === 0 ? missing : differences).map((each) => ({ part, id, ...each })),
  );
  return {
    columns: [
      { key: 'part' },
      { key: 'id' },
      { key: 'what' },
      { key: 'before', title: 'database', show: orNone },
      { key: 'after', title: opened.name, show: orNone },
    ],
    rows,
    empty: 'No differences',
    ...(beside.length > 0 ? { notes: [`Only in the database (not changed): ${beside.join(', ')}`] } : {}),
    ...(rows.length > 0 ? { exit: 'refused' as const } : {}),
  };
}

const missing = [{ what: 'everything', before: null, after: 'new' }];

/** Combines new kinds into one line, since there can be many of them. */
function summarise(found: PartDifference[]): PartDifference[] {
  const kinds = found.filter(({ part, isNew }) => part === 'kind' && isNew);
  const others = found.filter((each) => !kinds.includes(each));
  return kinds.length < 2 ? found : [...others, { ...kinds[0]!, id: `${kinds.length} kinds` }];
}

const orNone = (value: unknown) => (value === null ? 'none' : String(value));
