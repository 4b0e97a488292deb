import type { Db } from '../database/connect.ts';
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

/** Makes the proofs of the books, one statement each; nothing is changed, and memory does not grow with the database. */
export async function prove(db: Db, { now, only, sample = 20, progress }: ProveRequest): Promise<Proven[]> {
  const all: Proven[] = [];
  for (const proof of proofs.filter(({ name }) => !only || only.includes(name))) {
    progress?.(proof.name);
    all.push(await proveOne(db, proof, { now, sample }));
  }
  return all;
}

async function proveOne(
  db: Db,
  { name, proves, disagreements }: Proof,
  { now, sample }: { now: Date; sample: number },
): Promise<Proven> {
  const rows = await db<(Disagreement & { count: number })[]>`
    select coalesce(d.customer, '') as customer, d.what, d.expected, d.found, (count(*) over ())::int as count
      from (${disagreements(db, now)}) d
     order by d.customer collate "C", d.what collate "C", d.expected collate "C", d.found collate "C" limit ${sample}`;
  const count = rows[0]?.count ?? 0;
  return {
    proof: name,
    proves,
    count,
    sample: rows.map(({ customer, what, expected, found }) => ({ customer, what, expected, found })),
  };
}
