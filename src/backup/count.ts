import type { Db } from '../database/connect.ts';
import type { TableShape } from './inventory.ts';
import { quoted } from './session.ts';

/** How many rows a table has, and a checksum of them that does not depend on their order. */
export interface Counted {
  name: string;
  rows: number;
  checksum: string;
}

/**
 * Counts the rows of a table and sums up a hash of each row's text. Under useArchiveSettings the same rows give the same sum on every
 * server, so that two databases can be compared without one seeing the other.
 */
export async function countTable(tx: Db, { name, columns }: TableShape): Promise<Counted> {
  const row = `row(${columns.map((column) => `t.${quoted(column)}`).join(', ')})::text`;
  const [found] = await tx.unsafe<{ rows: string; checksum: string }[]>(
    `select count(*)::text as rows, coalesce(sum(('x' || encode(substr(sha256(convert_to(${row}, 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint), 0)::text as checksum
       from subctl.${quoted(name)} t`,
  );
  return { name, rows: Number(found!.rows), checksum: found!.checksum };
}

/** Where two counts of the same tables disagree, a sentence each. */
export function disagreements(expected: readonly Counted[], found: readonly Counted[]): string[] {
  const byName = new Map(found.map((one) => [one.name, one]));
  return expected.flatMap(({ name, rows, checksum }) => {
    const other = byName.get(name);
    if (!other) return [`${name} is missing`];
    if (other.rows !== rows) return [`${name} has ${other.rows} rows in place of ${rows}`];
    return other.checksum === checksum ? [] : [`${name} has other rows of the same number (${rows})`];
  });
}
