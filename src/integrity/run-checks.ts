import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { sqlStateOf } from '../database/server-error.ts';
import type { Check } from './check.ts';
import { checks } from './catalogue.ts';

/** A row that does not agree with its sources. */
export interface Finding {
  /** '' where it belongs to none */
  customer: string;
  what: string;
  expected: string;
  found: string;
}

/** The outcome of one check: how many rows disagree, and the first of them. */
export interface CheckResult {
  check: string;
  asserts: string;
  count: number;
  sample: Finding[];
  /** it failed on a value that cannot be, so that it says nothing about the rows */
  errored: boolean;
}

export interface ChecksRequest {
  now: Date;
  /** the checks by name; all when not given */
  only?: readonly string[] | undefined;
  /** rows that are shown of each */
  sample?: number;
  /** called before each check */
  progress?: (check: string) => void;
}

const itself = 'the check itself';

/**
 * Runs the checks inside a transaction, one statement each. Nothing is changed, and memory does not grow with the database.
 * A check that fails on a value that cannot be (a setting that is not a number) reports that as its finding.
 */
export async function runChecks(
  tx: Db,
  { now, only, sample = 20, progress }: ChecksRequest,
): Promise<CheckResult[]> {
  const all: CheckResult[] = [];
  for (const check of checks.filter(({ name }) => !only || only.includes(name))) {
    progress?.(check.name);
    all.push(await runCheck(tx, check, { now, sample }));
  }
  return all;
}

async function runCheck(
  tx: Db,
  { name, asserts, findings }: Check,
  { now, sample }: { now: Date; sample: number },
): Promise<CheckResult> {
  const rows = await inSavepoint(
    tx,
    (db) => db<(Finding & { count: number })[]>`
      select coalesce(d.customer, '') as customer, d.what, d.expected, d.found, (count(*) over ())::int as count
        from (${findings(db, now)}) d
       order by d.customer collate "C", d.what collate "C", d.expected collate "C", d.found collate "C" limit ${sample}`,
  ).catch(readRefusal);
  return {
    check: name,
    asserts,
    count: rows[0]?.count ?? 0,
    errored: rows[0]?.what === itself,
    sample: rows.map(({ customer, what, expected, found }) => ({ customer, what, expected, found })),
  };
}

/** Values that cannot be read are found, and so are those that the engine itself refuses; anything else is an error. */
function readRefusal(error: unknown): (Finding & { count: number })[] {
  if (!/^(22|SB)/.test(sqlStateOf(error) ?? '')) throw error;
  return [
    {
      customer: '',
      what: itself,
      expected: 'can be made',
      found: (error as Error).message,
      count: 1,
    },
  ];
}
