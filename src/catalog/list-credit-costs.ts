import type { Db } from '../database/connect.ts';

export interface ListedCreditCost {
  kind: string;
  /** null: on every plan without its own cost */
  plan: string | null;
  amount: string;
  /** every word for the kind */
  words: string[];
}

/** Lists all credit costs: those of every plan first, then those of single plans. */
export async function listCreditCosts(db: Db): Promise<ListedCreditCost[]> {
  return db<ListedCreditCost[]>`
    select c.kind, nullif(c.plan_id, '') as plan, c.amount,
           array(select k.id from subctl.kinds k where k.canonical = c.kind order by k.id <> c.kind, k.id collate "C") as words
      from subctl.credit_costs c
     order by c.plan_id collate "C", c.kind collate "C"`;
}
