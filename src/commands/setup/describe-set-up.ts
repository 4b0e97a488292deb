import type { SavedPlan } from '../../catalog/save-plan.ts';
import type { RecordOutcome } from '../../terminal/outcome.ts';
import type { SetUpPlace } from './open-place.ts';
import type { SetUpRoles } from '../../roles/set-up-roles.ts';
import type { SetUp } from './set-up.ts';

/** The output of setup: one line for each step, and the full record. */
export function describeSetUp({
  place,
  done,
  dryRun,
}: {
  place: SetUpPlace;
  done: SetUp;
  dryRun: boolean;
}): RecordOutcome {
  const record = { ...recordOf(place, done), dry_run: dryRun };
  const sections = [{ entries: entriesOf(place, done) }];
  return { record, sections, notes: notesOn({ done, dryRun, made: place.made }) };
}

function recordOf(place: SetUpPlace, done: SetUp): Record<string, unknown> {
  const { catalogue } = done;
  return {
    database: place.database,
    home: place.home,
    made: place.made,
    migrations: done.applied,
    functions: done.functions.length,
    partitions: done.partitions,
    tasks: done.jobs,
    catalogue: catalogue?.name ?? null,
    plans: addedPlans(catalogue).map(({ plan, action, version }) => ({ plan, action, version })),
    parts: catalogue?.parts.map(({ part, id }) => ({ part, id })) ?? [],
    kept: catalogue?.kept ?? [],
    prices: done.prices,
    environment_prices: done.environmentPrices,
    default_plan: done.defaultPlan,
    roles: done.roles ?? null,
    changed: done.changed || place.made,
  };
}

function entriesOf(place: SetUpPlace, done: SetUp): [string, string][] {
  const { catalogue, environmentPrices } = done;
  const entries: [string, string][] = [
    ['Database', describePlace(place)],
    ['Schema', describeSchema(done)],
    ['Partitions', describeCount(done.partitions, 'months added')],
    ['Timetable', describeCount(done.jobs.length, 'tasks added or changed')],
  ];
  if (done.timezoneSet) entries.push(['Time zone', 'set']);
  if (catalogue) entries.push(['Catalogue', describeCatalogue(catalogue)]);
  if (catalogue) entries.push(['Prices', done.prices === 0 ? 'nothing to do' : `${done.prices} added`]);
  for (const { component, amount, before } of environmentPrices)
    entries.push(['HuggingFace', `${component} ${amount} USD from now on (was ${before ?? 'unknown'})`]);
  entries.push(['Default plan', `${done.defaultPlan ?? 'none'}${done.defaultPlanSet ? ', set now' : ''}`]);
  if (done.roles) entries.push(['Roles', describeRoles(done.roles)]);
  return entries;
}

function addedPlans(catalogue: SetUp['catalogue']): SavedPlan[] {
  return catalogue?.plans.filter(({ action }) => action !== 'unchanged') ?? [];
}

/** The output of a dry run without a database. The other steps cannot be tried, since a dry run creates none. */
export function describeMaking(
  { home }: SetUpPlace,
  { catalogue, defaultPlan, timezone }: Record<'catalogue' | 'defaultPlan' | 'timezone', string | undefined>,
): RecordOutcome {
  const entries: [string, string][] = [
    ['Database', `an embedded database would be created in ${home} and set up`],
  ];
  if (catalogue !== undefined) entries.push(['Catalogue', `${catalogue} would be loaded`]);
  if (defaultPlan !== undefined) entries.push(['Default plan', defaultPlan]);
  if (timezone !== undefined) entries.push(['Time zone', timezone]);
  return {
    record: { database: 'embedded', home, dry_run: true, changed: true },
    sections: [{ entries }],
    notes: ['Dry run: nothing was changed'],
  };
}

function notesOn({ done, dryRun, made }: { done: SetUp; dryRun: boolean; made: boolean }): string[] {
  const notes = [...(done.catalogue?.warnings ?? [])];
  if (done.replaced)
    notes.push(
      `${done.replaced}: they ${dryRun ? 'would be' : 'are'} replaced by the functions of this build`,
    );
  const kept = done.catalogue?.kept ?? [];
  if (kept.length > 0)
    notes.push(
      `Kept, although they differ from the catalogue: ${kept.join(', ')} (--update overwrites them)`,
    );
  if (dryRun) notes.push('Dry run: nothing was changed');
  else if (!done.changed && !made) notes.push('Nothing to do: everything is up to date');
  return notes;
}

function describePlace({ database, home, made }: SetUpPlace): string {
  if (database === 'external') return 'DATABASE_URL';
  return `embedded, ${made ? 'created' : 'found'} in ${home}`;
}

function describeSchema({ applied, functions }: SetUp): string {
  if (applied.length + functions.length === 0) return 'up to date';
  if (applied.includes('0000_schema')) return 'created';
  return `updated: ${count(applied.length, 'migration')}, ${count(functions.length, 'function')}`;
}

function describeCount(number: number, what: string): string {
  return number === 0 ? 'nothing to do' : `${number} ${what}`;
}

function describeCatalogue(catalogue: NonNullable<SetUp['catalogue']>): string {
  const { name, parts } = catalogue;
  const added = addedPlans(catalogue);
  if (added.length + parts.length === 0) return `${name}: nothing to do`;
  return `${name}: ${count(added.length, 'plan')} (${added.map(({ plan }) => plan).join(', ')}), ${count(parts.length, 'other part')}`;
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function describeRoles({ prefix, made, mended }: SetUpRoles): string {
  if (made.length > 0) return `${made.join(', ')} created`;
  return mended === 0 ? `${prefix}_*, nothing to do` : `${prefix}_*, ${mended} rights corrected`;
}
