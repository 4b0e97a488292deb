import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';
import type { Meter } from './catalogue.ts';
import { compileRules, lockCatalogue } from './compile.ts';
import { findKinds, findMeters } from './find-meters.ts';
import { isId } from './read-values.ts';
import { addKinds, saveMeter } from './save-meter.ts';
import { readStandard } from './shipped.ts';
import { standardMeter } from './standard.ts';

/** What is asked for a meter. An absent field means any, or the value of the standard meter of that id. */
export type MeterRequest = Pick<Meter, 'id'> & { [K in keyof Meter]?: Meter[K] | undefined };

/**
 * Adds a meter. Every plan counts on it at once, without a limit. The id of a standard meter creates that standard meter.
 * @throws Failure usage for a bad id, not_found for an unknown kind, conflict when it exists
 */
export async function addMeter(tx: Db, change: Change, asked: MeterRequest): Promise<Meter> {
  if (!isId(asked.id))
    throw new Failure('usage', `'${asked.id}' is not an id for a meter`, {
      hint: 'Use small letters, digits, dots, dashes and underscores: calls.gemini',
    });
  await lockCatalogue(tx);
  const standard = readStandard();
  if ((await findMeters(tx)).some(({ id }) => id === asked.id))
    throw new Failure('conflict', `Meter ${asked.id} already exists`, {
      hint: `subctl meters show ${asked.id}`,
    });
  await addKinds(tx, standard.kinds);
  const usual = standardMeter(standard, asked.id) ?? {
    ...{ id: asked.id, name: asked.id, kinds: null, providers: null, models: null, tier: null },
    ...{ field: 'quantity' as const, aggregation: 'sum' as const, unit: null },
  };
  const said = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const meter = { ...usual, ...said } as Meter;
  const saved = { ...meter, kinds: meter.kinds && (await canonicalKinds(tx, meter.kinds)) };
  await saveMeter(tx, change, { existing: undefined, meter: saved });
  await compileRules(tx, 'all');
  return saved;
}

/** Returns the canonical kinds of some words. @throws Failure not_found, with the nearest kind */
async function canonicalKinds(db: Db, words: readonly string[]): Promise<string[]> {
  const kinds = await findKinds(db);
  const canonical = words.map(
    (word) =>
      kinds.find(({ id }) => id === word)?.canonical ??
      refuseKind(
        word,
        kinds.map(({ id }) => id),
      ),
  );
  return [...new Set(canonical)];
}

function refuseKind(word: string, known: readonly string[]): never {
  const near = nearest(word, known);
  throw new Failure('not_found', `There is no kind '${word}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: 'Declare kinds in a catalogue file under kinds:, or create one: subctl credit-costs set',
  });
}
