import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { sqlStateOf } from '../database/server-error.ts';
import { checks } from './catalogue.ts';
import { type Check, findingsOf } from './check.ts';

/** A row that disagrees with its sources. */
export interface Finding {
  /** '' where it belongs to no customer */
  customer: string;
  what: string;
  expected: string;
  found: string;
}

/** The result of one check: how many rows disagree, and the first of them. */
export interface CheckResult {
  check: string;
  /** the rule, a sentence without a full stop that ends with its numbers */
  asserts: string;
  count: number;
  sample: Finding[];
  /** a repair can rebuild such rows from their sources */
  repairable: boolean;
  /** it failed on an invalid value, so that it says nothing about the rows */
  errored: boolean;
}

export interface ChecksRequest {
  now: Date;
  /** the checks by name; all when absent */
  only?: readonly string[] | undefined;
  /** rows to show of each check */
  sample?: number;
  /** called before each check */
  progress?: (check: string) => void;
}

const itself = 'the check itself';

/**
 * Runs the checks inside a transaction, one statement each. Nothing is changed, and memory does not grow with the database. A check that
 * fails on an invalid value (a setting that is not a number) reports that as its finding.
 */
export async function runChecks(
  tx: Db,
  { now, only, sample = 20, progress }: ChecksRequest,
): Promise<CheckResult[]> {
  await tx`select set_config('subctl.as_of', ${now.toISOString()}, true)`;
  const rules = await readRules(tx);
  const all: CheckResult[] = [];
  for (const check of checks.filter(({ name }) => !only || only.includes(name))) {
    progress?.(check.name);
    const asserts = sentenceOf(rules.get(check.name) ?? '');
    all.push({ check: check.name, asserts, ...(await runCheck(tx, check, sample)) });
  }
  return all;
}

/** Reads the rule of each check by its name, `R23: Sentence`, from the comments on the views. */
export async function readRules(db: Db): Promise<Map<string, string>> {
  const rows = await db<{ view: string; rule: string | null }[]>`
    select v.name as view, obj_description(to_regclass(v.name), 'pg_class') as rule
      from unnest(${checks.flatMap((check) => ('view' in check ? [check.view] : []))}::text[]) v(name)`;
  const comments = new Map(rows.map(({ view, rule }) => [view, rule ?? '']));
  return new Map(
    checks.map((check) => [check.name, 'view' in check ? comments.get(check.view)! : check.rule]),
  );
}

/** `R23: Sentence` as `Sentence (R23)`. */
function sentenceOf(rule: string): string {
  const [, numbers, sentence] = /^(R[^:]*): (.*)$/s.exec(rule) ?? [];
  return sentence ? `${sentence} (${numbers})` : rule;
}

async function runCheck(
  tx: Db,
  check: Check,
  sample: number,
): Promise<Omit<CheckResult, 'check' | 'asserts'>> {
  const rows = await inSavepoint(
    tx,
    (db) => db<(Finding & { count: number })[]>`
      select d.customer_id as customer, d.subject as what, d.expected, d.found, (count(*) over ())::int as count
        from (${findingsOf(db, check)}) d
       order by d.customer_id collate "C", d.subject collate "C", d.expected collate "C", d.found collate "C" limit ${sample}`,
  ).catch(readRefusal);
  return {
    count: rows[0]?.count ?? 0,
    errored: rows[0]?.what === itself,
    repairable: (check.repairs ?? []).length > 0,
    sample: rows.map(({ customer, what, expected, found }) => ({ customer, what, expected, found })),
  };
}

/** Values that cannot be read are findings, as are values that the engine refuses; anything else is an error. */
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
