import { Failure } from '../domain/failure.ts';
import type { Db } from './connect.ts';

/** Of which some is in every text that has a secret in it (secret_signs.sql). */
const signs =
  /-----BEGIN|(sk|rk)_(live|test)_|whsec_|sk-|AKIA|ASIA|gh[opsru]_|github_pat_|glpat-|AIza|xox[abprs]-|hf_|eyJ|:\/\//;
const texts = ['name', 'note', 'reason', 'reference', 'description', 'metadata'];

/** Reasons, notes and names are kept for years: a key has no place there (U11). Failure usage for one that has the shape of a secret. */
export async function refuseSecrets(tx: Db, kept: readonly Record<string, unknown>[]): Promise<void> {
  for (const failure of (await findSecrets(tx, kept)).values()) throw failure;
}

/** The rows that have a secret in one of their texts, by their place, and what is said of each. */
export async function findSecrets(
  tx: Db,
  kept: readonly Record<string, unknown>[],
): Promise<Map<number, Failure>> {
  const suspect = kept.flatMap((row, at) =>
    texts
      .filter((name) => row[name] !== undefined && row[name] !== null)
      .map((name) => ({ at, name, text: JSON.stringify(row[name]) }))
      .filter(({ text }) => signs.test(text)),
  );
  if (suspect.length === 0) return new Map();
  const found = await tx<{ n: number; secret: string }[]>`
    select t.n::int - 1 as n, s.secret
      from unnest(${suspect.map(({ text }) => text)}::text[]) with ordinality t(text, n)
     cross join lateral (select subctl_internal.secret_in(t.text) as secret) s
     where s.secret is not null
     order by t.n desc`;
  return new Map(
    found.map(({ n, secret }) => {
      const { at, name } = suspect[n]!;
      const sentence = `The ${name} contains ${secret}, which is refused: it would be stored`;
      const hint = 'Leave it out, or give only its last four characters';
      return [at, new Failure('usage', sentence, { hint })];
    }),
  );
}
