import { readSettings } from '../../config/settings.ts';
import { connectTo, cutOff, findDatabase } from '../../database/connect.ts';
import type { Environment } from '../../terminal/terminal.ts';
import type { FindNames } from './complete-line.ts';
import type { Candidate, NameKind } from './values.ts';

/** The maximum time that a completion waits for names. */
const patienceMs = 1_000;

/** Queries for names that start with a text, with a description; at most 100 rows each. */
const queries: Readonly<Record<NameKind, string>> = {
  customer: `select id as value, coalesce(name, kind) as about from subctl.customers where starts_with(id, $1)`,
  plan: `select id as value, name as about from subctl.plans where starts_with(id, $1)`,
  meter: `select id as value, name as about from subctl.meters where starts_with(id, $1)`,
  kind: `select id as value, case when id = canonical then '' else 'counts as ' || canonical end as about
           from subctl.kinds where starts_with(id, $1)`,
  discount: `select code as value, kind as about from subctl.discounts where starts_with(code, upper($1))`,
  invoice: `select number as value, customer_id || ', ' || status as about from subctl.invoices where starts_with(number, $1)`,
  provider: `select distinct provider as value, '' as about from subctl.prices where starts_with(provider, $1)`,
  model: `select distinct model as value, provider as about from subctl.prices where starts_with(model, $1)`,
  'provider key': `select name as value, provider as about from subctl.provider_keys where starts_with(name, $1)`,
  member: `select distinct member_id as value, 'of ' || customer_id as about from subctl.members
            where left_at is null and starts_with(member_id, $1)`,
  token: `select name as value, array_to_string(scopes, ', ') as about from subctl.api_tokens
           where revoked_at is null and starts_with(name, $1)`,
};

/**
 * Queries names from the configured database. Returns none when there is no database, it does not answer in time, or the account may not
 * read them: a completion never fails.
 */
export function nameFinder({ env, cwd }: { env: Environment; cwd: string }): FindNames {
  return async (kind, prefix) => {
    const waiting = new AbortController();
    const timer = setTimeout(() => waiting.abort(), patienceMs);
    try {
      return await Promise.race([ask(kind, prefix, { env, cwd }, waiting.signal), aborted(waiting.signal)]);
    } catch {
      return [];
    } finally {
      clearTimeout(timer);
    }
  };
}

async function ask(
  kind: NameKind,
  prefix: string,
  place: { env: Environment; cwd: string },
  signal: AbortSignal,
): Promise<Candidate[]> {
  const { database } = await readSettings(place);
  const connection = connectTo(await findDatabase(database), 1);
  signal.addEventListener('abort', () => void cutOff(connection).catch(() => undefined), { once: true });
  try {
    const rows = await connection.unsafe<{ value: string; about: string }[]>(
      `${queries[kind]} order by 1 limit 100`,
      [prefix],
    );
    return rows.map(({ value, about }) => ({ value, about }));
  } finally {
    await connection.end({ timeout: 0 });
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('the database did not answer in time')), {
      once: true,
    });
  });
