import { loadCatalogue } from '../../src/catalog/load-catalogue.ts';
import { readCatalogue } from '../../src/catalog/read-catalogue.ts';
import { readStandard, shippedPresets } from '../../src/catalog/shipped.ts';
import { type Change, recordChange } from '../../src/database/change.ts';
import type { Connection, Db } from '../../src/database/connect.ts';
import { inTransaction } from '../../src/database/transaction.ts';

const now = new Date('2025-01-01T00:00:00Z');

/** Runs `work` in a transaction under a change of the tester's. */
export async function asTester<T>(
  sql: Connection,
  work: (tx: Db, change: Change) => Promise<T>,
  at = now,
): Promise<T> {
  return inTransaction(sql, async (tx) =>
    work(tx, await recordChange(tx, { now: at, actor: 'tester', action: 'test' })),
  );
}

/** Loads a shipped preset, as `subctl plans load` does. */
export async function loadPreset(sql: Connection, name: string, { update = false } = {}) {
  const { catalogue } = readCatalogue(shippedPresets()[name], { file: name, standard: readStandard() });
  return asTester(sql, (tx, change) => loadCatalogue(tx, change, { catalogue, name, update }));
}
