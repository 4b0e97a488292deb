import { call } from '../database/call.ts';
import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type fieldNames } from './customer-fields.ts';
import type { NewCustomer } from './insert-customers.ts';

type Field = Exclude<(typeof fieldNames)[number], 'kind'>;

/**
 * Sets the given fields of existing customers; unknown ids are passed over, and the kind stays. A new time zone applies from the change's
 * instant on, and open windows end by it (R4). Returns the ids of the customers that changed.
 */
export async function updateCustomers(
  tx: Db,
  change: Change,
  { fields, customers }: { fields: readonly Field[]; customers: readonly NewCustomer[] },
): Promise<Set<string>> {
  const of = <T>(read: (customer: NewCustomer) => T) => customers.map(read);
  await call(tx, 'subctl_internal.lock_subscriptions', { customers: of((c) => c.id) });
  const set = (field: Field) =>
    tx`case when ${fields.includes(field)}::boolean then a.${tx(field)} else b.${tx(field)} end`;
  const rows = await tx<
    { id: string; timezone: string | null; was_timezone: string | null; moved: boolean }[]
  >`
    with asked as (
      select * from unnest(${of((c) => c.id)}::text[], ${of((c) => c.name ?? null)}::text[], ${of((c) => c.email ?? null)}::text[],
        ${of((c) => c.timezone ?? null)}::text[], ${of((c) => c.currency ?? null)}::text[],
        ${of((c) => JSON.stringify(c.metadata ?? {}))}::jsonb[]) as a(id, name, email, timezone, currency, metadata)
    ), wanted as (
      select b.id, ${set('name')} as name, ${set('email')} as email, ${set('timezone')} as timezone,
             ${set('currency')} as currency, ${set('metadata')} as metadata,
             b.kind, b.made_by, b.name as was_name, b.email as was_email, b.timezone as was_timezone, b.currency as was_currency, b.metadata as was_metadata
        from asked a join subctl.customers b on b.id = a.id
    ), changed as (
      update subctl.customers c
         set name = w.name, email = w.email, timezone = w.timezone, currency = w.currency, metadata = w.metadata, change_id = ${change.id},
             made_by = null
        from wanted w
       where c.id = w.id
         and (w.name, w.email, w.timezone, w.currency, w.metadata)
             is distinct from (w.was_name, w.was_email, w.was_timezone, w.was_currency, w.was_metadata)
      returning w.*
    ), begun as (
      insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
      select x.id, x.made_by, 0, 'customer', x.id, null,
             subctl_internal.customer_audit_entry(x.id, x.kind, x.was_timezone, x.was_currency, x.was_name, x.was_email, x.was_metadata)
        from changed x where x.made_by is not null
    ), audited as (
      insert into subctl.audit_log (customer_id, change_id, id, entity, entity_key, before, after)
      select x.id, ${change.id}, 1, 'customer', x.id, d.before, d.after
        from changed x
       cross join lateral (
         select jsonb_object_agg(f.key, f.before) as before, jsonb_object_agg(f.key, f.after) as after
           from (values ('timezone', to_jsonb(x.was_timezone), to_jsonb(x.timezone)), ('currency', to_jsonb(x.was_currency), to_jsonb(x.currency)),
                        ('name', to_jsonb(x.was_name), to_jsonb(x.name)), ('email', to_jsonb(x.was_email), to_jsonb(x.email)),
                        ('metadata', x.was_metadata, x.metadata)) v(key, was, now)
          cross join lateral (
            select v.key, case when v.key in ('timezone', 'currency') then v.was else '"changed"' end as before,
                   case when v.key in ('timezone', 'currency') then v.now else '"changed"' end as after) f
          where v.was is distinct from v.now) d
    )
    select x.id, x.timezone, x.was_timezone, x.timezone is distinct from x.was_timezone as moved from changed x`;
  const moved = rows.filter((row) => row.moved);
  if (moved.length > 0) await moveZones(tx, change, moved);
  return new Set(rows.map(({ id }) => id));
}

/** Writes the time zones that apply from the change's instant on, and ends open windows by them. */
async function moveZones(
  tx: Db,
  change: Change,
  moved: readonly { id: string; timezone: string | null; was_timezone: string | null }[],
): Promise<void> {
  const ids = moved.map(({ id }) => id);
  // the first time zone was the customer's column until now
  await tx`
    insert into subctl.customer_zones (customer_id, from_at, timezone)
    select m.id, '-infinity', m.zone
      from unnest(${ids}::text[], ${moved.map((row) => row.was_timezone)}::text[]) m(id, zone)
    on conflict do nothing`;
  await tx`
    select subctl_internal.move_zone(m.id, m.timezone, ${change.at}, ${change.id})
      from unnest(${ids}::text[], ${moved.map(({ timezone }) => timezone)}::text[]) m(id, timezone)`;
}
