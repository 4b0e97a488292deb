import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import type { CustomerFields } from './customer-fields.ts';

export type NewCustomer = { id: string } & CustomerFields;

/**
 * Adds customers, each with the zone that holds from ever on, its row of open windows and its audit row. Ids that exist already are
 * left as they are. Gives the ids that are new; of two rows with one id the first counts.
 */
export async function insertCustomers(
  tx: Db,
  change: Change,
  customers: readonly NewCustomer[],
): Promise<Set<string>> {
  const of = <T>(read: (customer: NewCustomer) => T) => customers.map(read);
  const rows = await tx<{ id: string }[]>`
    with asked as (
      select * from unnest(${of((c) => c.id)}::text[], ${of((c) => c.kind ?? 'user')}::text[], ${of((c) => c.name ?? null)}::text[],
        ${of((c) => c.email ?? null)}::text[], ${of((c) => c.timezone ?? null)}::text[], ${of((c) => c.currency ?? null)}::text[],
        ${of((c) => JSON.stringify(c.metadata ?? {}))}::jsonb[]) as a(id, kind, name, email, timezone, currency, metadata)
    ), made as (
      insert into subctl.customers (id, kind, name, email, timezone, currency, metadata, created_at, change_id)
      select a.id, a.kind, a.name, a.email, a.timezone, a.currency, a.metadata, ${change.at}, ${change.id} from asked a
      on conflict do nothing
      returning id, kind, name, email, timezone, currency, metadata
    ), zones as (
      insert into subctl.customer_zones (customer_id, from_at, timezone, change_id)
      select m.id, '-infinity', m.timezone, ${change.id} from made m
    ), states as (
      insert into subctl.usage_state (customer_id) select m.id from made m on conflict do nothing
    ), totals as (
      insert into subctl.usage_totals (customer_id) select m.id from made m on conflict do nothing
    ), audited as (
      insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
      select m.id, ${change.id}, 1, 'customer', m.id, null,
             jsonb_strip_nulls(jsonb_build_object('id', m.id, 'kind', m.kind, 'timezone', m.timezone, 'currency', m.currency,
               'name', case when m.name is not null then 'changed' end, 'email', case when m.email is not null then 'changed' end,
               'metadata', case when m.metadata <> '{}' then 'changed' end))
        from made m
    )
    select m.id from made m`;
  return new Set(rows.map(({ id }) => id));
}

/** @throws Failure usage when the server does not know one of the zones (it may be older than ours) */
export async function checkZones(db: Db, zones: readonly string[]): Promise<void> {
  const [unknown] = await db<{ zone: string }[]>`
    select z.zone from unnest(${[...zones]}::text[]) z(zone) where not subctl.is_timezone(z.zone) limit 1`;
  if (!unknown) return;
  throw new Failure('usage', `The time zone '${unknown.zone}' is not known to the database server`, {
    hint: 'Give an older name of the same place, or update the time zones of the server',
  });
}
