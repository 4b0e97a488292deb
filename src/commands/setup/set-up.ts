import type { PartDifference } from '../../catalog/compare-catalogues.ts';
import { compareCatalogues } from '../../catalog/compare-catalogues.ts';
import { editPlan } from '../../catalog/edit-plan.ts';
import { findCatalogue } from '../../catalog/find-catalogue.ts';
import { readAgainst } from '../../catalog/read-against.ts';
import { loadCatalogue } from '../../catalog/load-catalogue.ts';
import type { OpenedCatalogue } from '../../catalog/open-catalogue.ts';
import type { SavedPlan } from '../../catalog/save-plan.ts';
import { call } from '../../database/call.ts';
import { type Program } from '../../database/bundled-sql.ts';
import { type Change, type ChangeRequest, recordChange } from '../../database/change.ts';
import type { Db } from '../../database/connect.ts';
import { type Migrated, migrateIn, programBefore } from '../../database/migrate.ts';
import { compareVersions, otherBuild } from '../../database/schema-state.ts';
import { type SetUpRoles, setUpRoles } from '../../roles/set-up-roles.ts';
import { setSetting } from '../../settings/set-setting.ts';
import { syncTaskStates } from '../../tasks/task-states.ts';
import type { EffectiveEntry } from '../../scheduler/effective.ts';
import { type TakenPrice, takeEnvironmentPrices } from '../../pricing/environment-prices.ts';
import { importShippedPrices } from '../../pricing/import-prices.ts';

/** Input of setup, from options or answers. */
export interface SetUpRequest {
  program: Program;
  change: ChangeRequest;
  /** the real time, for partitions and the timetable */
  clock: Date;
  catalogue: OpenedCatalogue | undefined;
  /** overwrite what differs from the catalogue */
  update: boolean;
  defaultPlan: string | undefined;
  timezone: string | undefined;
  huggingface: { inputTokenCost: string | undefined; outputTokenCost: string | undefined };
  /** prefix of the role names; undefined if no roles are requested */
  rolePrefix?: string | undefined;
  /** timetable of the settings */
  tasks: readonly EffectiveEntry[];
}

/** Result of setup; lists are empty if nothing had to be done. */
export interface SetUp extends Migrated {
  /** sentence about replaced functions of another build of the same version */
  replaced: string | undefined;
  /** number of monthly partitions created */
  partitions: number;
  /** tasks that are new on the timetable or whose entry changed */
  jobs: string[];
  catalogue: LoadedBySetup | undefined;
  /** number of prices added */
  prices: number;
  environmentPrices: TakenPrice[];
  timezoneSet: boolean;
  defaultPlan: string | null;
  defaultPlanSet: boolean;
  roles: SetUpRoles | undefined;
  /** the recorded change of this run */
  change: Change;
  changed: boolean;
}

export interface LoadedBySetup {
  name: string;
  plans: SavedPlan[];
  /** meters, models, kinds and credit costs that were added */
  parts: PartDifference[];
  /** parts that differ in the database and were kept */
  kept: string[];
  warnings: string[];
}

/**
 * Prepares a database for subctl: schema, partitions, timetable, and everything requested. Runs in one transaction under the migration
 * lock, so it is atomic, runs one at a time, and changes nothing on a second run. Plans edited by an operator are kept unless `update`.
 */
export async function setUp(tx: Db, request: SetUpRequest): Promise<SetUp> {
  const before = await programBefore(tx);
  const { applied, functions } = await migrateIn(tx, request.program);
  const { program } = request.program;
  const isOther = functions.length > 0 && before !== undefined && compareVersions(before, program) === 0;
  const replaced = isOther ? otherBuild(program) : undefined;
  const change = await recordChange(tx, request.change);
  const partitions = await addPartitions(tx, request.clock);
  const { timezone: text } = request;
  const timezoneSet = text !== undefined && (await setSetting(tx, change, { key: 'timezone', text })).changed;
  const taskStates = await takeTimetable(tx, request);
  const catalogue = request.catalogue && (await loadMissing(tx, change, request));
  if (catalogue) await requireKeys(tx, change, catalogue.requiredKeys);
  const prices = catalogue ? await addPrices(tx, change, catalogue.priceSources) : 0;
  const environmentPrices = await takeEnvironmentPrices(tx, change, request.huggingface);
  const { plan: defaultPlan, set: defaultPlanSet } = await makeDefault(tx, change, request.defaultPlan);
  // last, so that objects created above are granted, too
  const roles = await setUpRoles(tx, change, request.rolePrefix);
  const done = {
    applied,
    functions,
    replaced,
    partitions,
    jobs: taskStates,
    catalogue,
    prices,
    environmentPrices,
    timezoneSet,
    defaultPlan,
    defaultPlanSet,
    roles,
  };
  return { ...done, change, changed: hasChanged(done) };
}

function hasChanged(done: Omit<SetUp, 'change' | 'changed'>): boolean {
  const {
    applied,
    functions,
    partitions,
    jobs: taskStates,
    catalogue,
    prices,
    environmentPrices,
    timezoneSet,
    defaultPlanSet,
    roles,
  } = done;
  const lists = [
    applied,
    functions,
    taskStates,
    environmentPrices,
    catalogue?.parts ?? [],
    roles?.made ?? [],
  ];
  const plans = catalogue?.plans.some(({ action }) => action !== 'unchanged') ?? false;
  return (
    lists.some(({ length }) => length > 0) ||
    plans ||
    partitions > 0 ||
    (roles?.mended ?? 0) > 0 ||
    prices > 0 ||
    timezoneSet ||
    defaultPlanSet
  );
}

/** Loads the missing parts of a catalogue. Parts that differ are kept and listed, unless `update` is set. */
async function loadMissing(
  tx: Db,
  change: Change,
  { catalogue: opened, update, defaultPlan }: SetUpRequest,
): Promise<LoadedBySetup & { priceSources: string[]; requiredKeys: string[] }> {
  const { catalogue, priceSources, requiredKeys, warnings } = await readAgainst(tx, opened!);
  if (defaultPlan !== undefined && catalogue.plans.some(({ id }) => id === defaultPlan))
    for (const plan of catalogue.plans) plan.isDefault = plan.id === defaultPlan;
  const found = compareCatalogues(await findCatalogue(tx), catalogue);
  const other = found.filter(({ differences }) => differences.length > 0);
  const kept = other.map(({ part, id }) => `${part} ${id}`);
  const named = { name: opened!.name, warnings, priceSources, requiredKeys };
  if (other.length > 0 && !update && other.length === found.length)
    return { ...named, plans: [], parts: [], kept };
  const loaded = await loadCatalogue(tx, change, { catalogue, name: opened!.name, update });
  return { ...named, plans: loaded.plans, parts: loaded.parts, kept: update ? [] : kept };
}

async function makeDefault(tx: Db, change: Change, asked: string | undefined) {
  const [present] = await tx<{ id: string }[]>`select id from subctl.plans where is_default`;
  if (asked === undefined || asked === present?.id) return { plan: present?.id ?? null, set: false };
  await editPlan(tx, change, { id: asked, edit: { default: true } });
  return { plan: asked, set: true };
}

/** Sets the provider keys that the catalogue requires, unless the operator has set them before. */
async function requireKeys(tx: Db, change: Change, words: readonly string[]): Promise<void> {
  const [said] =
    await tx`select from subctl.audit_log where customer_id = '' and entity = 'setting' and entity_key = 'required_keys' limit 1`;
  if (words.length > 0 && !said)
    await setSetting(tx, change, { key: 'required_keys', text: words.join(',') });
}

/** Adds the prices of a catalogue once. Later imports are not overwritten. */
async function addPrices(tx: Db, change: Change, sources: readonly string[]): Promise<number> {
  if (sources.length === 0) return 0;
  const there = await tx`select from subctl.prices where source = any (${sources}::text[]) limit 1`;
  if (there.length > 0) return 0;
  const { added, revised } = await importShippedPrices(tx, change, sources);
  return added + revised;
}

/** Writes the timetable of the settings and returns the tasks whose entry changed. */
async function takeTimetable(tx: Db, { clock, tasks }: SetUpRequest): Promise<string[]> {
  const places = async () =>
    (
      await tx<{ task: string; place: string }[]>`
      select task, concat_ws(' ', cron, timezone, catch_up, grace, switched_off) as place from subctl.jobs`
    ).map(({ task, place }) => [task, place] as const);
  const before = new Map(await places());
  await syncTaskStates(tx, clock, tasks);
  return (await places()).flatMap(([task, place]) => (before.get(task) === place ? [] : [task])).sort();
}

/** Creates missing event partitions up to two years ahead. */
async function addPartitions(tx: Db, clock: Date): Promise<number> {
  return (await call(tx, 'subctl_internal.ensure_partitions', { as_of: clock }))!;
}
