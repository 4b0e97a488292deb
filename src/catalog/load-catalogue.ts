import type { Change } from '../database/change.ts';
import { audit } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { Catalogue } from './catalogue.ts';
import { type PartDifference, compareCatalogues } from './compare-catalogues.ts';
import { compilePlan, compileRules, lockCatalogue } from './compile.ts';
import { moneyWord } from './describe-plan.ts';
import { differenceWord } from './differences.ts';
import { checkFeatureTypes } from './features.ts';
import { type StoredCatalogue, findCatalogue } from './find-catalogue.ts';
import { mergeCreditCosts } from './save-credit-costs.ts';
import { addKinds, saveMeter, setKindCost } from './save-meter.ts';
import { saveModel } from './save-model.ts';
import { type SavedPlan, checkFallbacks, savePlan } from './save-plan.ts';

export interface LoadedCatalogue {
  changed: boolean;
  plans: SavedPlan[];
  /** meters, models, kinds and credit costs that were added or changed */
  parts: PartDifference[];
}

export interface LoadOptions {
  /** the name of the catalogue on its plans */
  name: string;
  /** overwrite what differs; otherwise a difference is a conflict */
  update: boolean;
}

/**
 * Loads a catalogue into the database. Missing parts are added and equal ones left alone, so a second load changes nothing. Parts that the
 * catalogue does not have are left alone too.
 * @throws Failure conflict that names every difference, unless `update`
 */
export async function loadCatalogue(
  tx: Db,
  change: Change,
  { catalogue, name, update }: LoadOptions & { catalogue: Catalogue },
): Promise<LoadedCatalogue> {
  await lockCatalogue(tx);
  const stored = await findCatalogue(tx);
  const found = compareCatalogues(stored, catalogue);
  const parts = found.filter(({ part }) => part !== 'plan');
  if (!update)
    refuseDifferences(
      found.filter(({ differences }) => differences.length > 0),
      name,
    );
  const untouched = stored.plans.filter(({ id }) => !catalogue.plans.some((plan) => plan.id === id));
  checkFeatureTypes([...untouched, ...catalogue.plans]);
  await saveParts(tx, change, { catalogue, stored, parts });
  const plans: SavedPlan[] = [];
  for (const plan of catalogue.plans) {
    const existing = stored.plans.find(({ id }) => id === plan.id);
    plans.push(await savePlan(tx, change, { existing, plan, catalogue: name }));
  }
  await checkFallbacks(tx);
  const touched = plans.filter(({ action }) => action !== 'unchanged');
  if (parts.length > 0) await compileRules(tx, 'all');
  else for (const { plan } of touched) await compilePlan(tx, plan);
  return { changed: found.length > 0, plans, parts };
}

function refuseDifferences(found: PartDifference[], name: string): void {
  if (found.length === 0) return;
  const lines = found.flatMap(({ part, id, differences }) =>
    differences.map((each) => `${part} ${id}: ${differenceWord(each)}`),
  );
  const more = lines.length > sentenceful ? `; and ${lines.length - sentenceful} more` : '';
  throw new Failure(
    'conflict',
    `The database has different values: ${lines.slice(0, sentenceful).join('; ')}${more}`,
    {
      hint: `List them: subctl plans diff ${name}; to overwrite them, add --update`,
      details: { differences: lines },
    },
  );
}

/** The number of differences that fit into one sentence; the failure's details have all of them. */
const sentenceful = 8;

async function saveParts(
  tx: Db,
  change: Change,
  { catalogue, stored, parts }: { catalogue: Catalogue; stored: StoredCatalogue; parts: PartDifference[] },
): Promise<void> {
  const ids = (part: PartDifference['part']) =>
    new Set(parts.filter((each) => each.part === part).map(({ id }) => id));
  await saveKinds(tx, change, catalogue, parts);
  const [meters, models, costs] = [ids('meter'), ids('model'), ids('credit costs')];
  for (const meter of catalogue.meters.filter(({ id }) => meters.has(id)))
    await saveMeter(tx, change, { existing: stored.meters.find(({ id }) => id === meter.id), meter });
  for (const model of catalogue.models.filter(({ provider, pattern }) =>
    models.has(`${provider}/${pattern}`),
  )) {
    const existing = stored.models.find(
      (each) => each.provider === model.provider && each.pattern === model.pattern,
    );
    await saveModel(tx, change, { existing, model });
  }
  const changed = catalogue.creditCosts.filter(({ kind }) => costs.has(kind));
  await mergeCreditCosts(tx, { plan: '', costs: changed });
  await audit(
    tx,
    change,
    changed.map(({ kind, amount }) => {
      const before = stored.creditCosts.find((each) => each.kind === kind);
      return {
        entity: 'credit_cost',
        key: kind,
        before: before ? { cost: moneyWord(before.amount) } : null,
        after: { cost: moneyWord(amount) },
      };
    }),
  );
}

/**
 * Saves kinds: new ones are added, and the cost of their uses may change. A kind never changes its meaning, because events are stored
 * under their canonical kind and would be split.
 */
async function saveKinds(
  tx: Db,
  change: Change,
  catalogue: Catalogue,
  parts: PartDifference[],
): Promise<void> {
  const kinds = parts.filter(({ part }) => part === 'kind');
  const other = kinds.find(({ differences }) => differences.some(({ what }) => what === 'means'));
  if (other)
    throw new Failure(
      'refused',
      `The kind ${other.id} keeps its meaning (${other.differences.map(differenceWord).join(', ')})`,
      {
        hint: 'Give the kind another name',
      },
    );
  if (kinds.length === 0) return;
  await addKinds(tx, catalogue.kinds);
  const added = kinds.filter(({ isNew }) => isNew).map(({ id }) => id);
  if (added.length > 0)
    await audit(tx, change, [
      { entity: 'kinds', key: '', before: null, after: { added: added.sort().join(', ') } },
    ]);
  for (const { id, canonical, cost } of catalogue.kinds) {
    if (id !== canonical || !cost || !(await setKindCost(tx, id, cost)) || added.includes(id)) continue;
    const [before] = kinds.find((kind) => kind.id === id)?.differences ?? [];
    await audit(tx, change, [
      { entity: 'kind', key: id, before: { cost: before?.before ?? null }, after: { cost } },
    ]);
  }
}
