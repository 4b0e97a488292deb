import type { Db } from '../database/connect.ts';
import type { SchemaObject } from './rights.ts';

/** Where a table, view, sequence or function is. */
export interface PlacedObject extends SchemaObject {
  schema: 'subctl' | 'subctl_internal';
}

/** Everything in the schemas that can be granted, in the order of kinds and names; of a partitioned table the table alone. */
export async function listSchemaObjects(db: Db): Promise<PlacedObject[]> {
  return db<PlacedObject[]>`
    select case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end as kind, c.relname::text as name,
           coalesce((select array_agg(a.attname::text order by a.attnum) from pg_catalog.pg_attribute a
                      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and c.relkind <> 'S'), '{}') as columns,
           c.relkind = 'v' as "readsOnly", 'subctl' as schema
      from pg_catalog.pg_class c
     where c.relnamespace = 'subctl'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and not c.relispartition
       -- a month of events that was cut off waits to be dropped
       and c.relname !~ '^usage_events_[0-9]{4}_[0-9]{2}$'
    union all
    select 'function', p.proname || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')', '{}', p.provolatile <> 'v',
           p.pronamespace::regnamespace::text
      from pg_catalog.pg_proc p
     where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)
       and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
     order by 1, 2`;
}
