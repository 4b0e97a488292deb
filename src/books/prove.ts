import type { Db } from '../database/connect.ts';
import { inSavepoint } from '../database/savepoint.ts';
import { sqlStateOf } from '../database/server-error.ts';
import type { Proof } from './proof.ts';
import { proofs } from './proofs.ts';

/** A row that does not agree with its sources. */
export interface Disagreement {
  /** '' where it belongs to none */
  customer: string;
  what: string;
  expected: string;
  found: string;
}

/** The outcome of one proof: how many rows disagree, and the first of them. */
export interface Proven {
  proof: string;
  proves: string;
  count: number;
  sample: Disagreement[];
  /** it stumbled over a value that cannot be, so that nothing is proved */
  stumbled: boolean;
}

export interface ProveRequest {
  now: Date;
  /** the proofs by name; all when not given */
  only?: readonly string[] | undefined;
  /** rows that are shown of each */
  sample?: number;
  /** called before each proof */
  progress?: (proof: string) => void;
}

const itself = 'the proof itself';

/**
 * Makes the proofs of the books inside a transaction, one statement each; nothing is changed, and memory does not grow with the database.
 * A proof that stumbles over a value that cannot be (a setting that is no number) says so as what it found.
 */
export async function prove(tx: Db, { now, only, sample = 20, progress }: ProveRequest): Promise<Proven[]> {
  const all: Proven[] = [];
  for (const proof of proofs.filter(({ name }) => !only || only.includes(name))) {
    progress?.(proof.name);
    all.push(await proveOne(tx, proof, { now, sample }));
  }
  return all;
}

async function proveOne(
  tx: Db,
  { name, proves, disagreements }: Proof,
  { now, sample }: { now: Date; sample: number },
): Promise<Proven> {
  const rows = await inSavepoint(
    tx,
    (db) => db<(Disagreement & { count: number })[]>`
      select coalesce(d.customer, '') as customer, d.what, d.expected, d.found, (count(*) over ())::int as count
        from (${disagreements(db, now)}) d
       order by d.customer collate "C", d.what collate "C", d.expected collate "C", d.found collate "C" limit ${sample}`,
  ).catch(stumbledOver);
  return {
    proof: name,
    proves,
    count: rows[0]?.count ?? 0,
    stumbled: rows[0]?.what === itself,
    sample: rows.map(({ customer, what, expected, found }) => ({ customer, what, expected, found })),
  };
}

/** Values that cannot be read are found, and so are those that the engine itself refuses; anything else is an error. */
function stumbledOver(error: unknown): (Disagreement & { count: number })[] {
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
