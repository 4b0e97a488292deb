import type { Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { type CopiedColumn, copyRows } from '../database/copy-rows.ts';
import { Failure } from '../domain/failure.ts';
import type { CustomerFields } from './customer-fields.ts';

export type NewCustomer = { id: string } & CustomerFields;

/**
 * Adds customers, one row each. `made_by` replaces an audit row (audit_trail shows it as one); `timezone` applies from the beginning until
 * another zone is set; the row of open windows comes with the first use. Existing ids are left as they are. Returns the new ids; of two
 * rows with one id the first counts.
 */
export async function insertCustomers(
  tx: Db,
  change: Change,
  customers: readonly NewCustomer[],
): Promise<Set<string>> {
  const of = <T>(read: (customer: NewCustomer) => T) => customers.map(read);
  const rows = await tx<{ id: string }[]>`
    insert into subctl.customers (id, kind, name, email, timezone, currency, metadata, created_at, made_by)
    select a.id, a.kind, a.name, a.email, a.timezone, a.currency, a.metadata, ${change.at}, ${change.id}
      from unnest(${of((c) => c.id)}::text[], ${of((c) => c.kind ?? 'user')}::text[], ${of((c) => c.name ?? null)}::text[],
        ${of((c) => c.email ?? null)}::text[], ${of((c) => c.timezone ?? null)}::text[], ${of((c) => c.currency ?? null)}::text[],
        ${of((c) => JSON.stringify(c.metadata ?? {}))}::jsonb[]) as a(id, kind, name, email, timezone, currency, metadata)
    on conflict do nothing
    returning id`;
  return new Set(rows.map(({ id }) => id));
}

/** The value of a column of the table; null is the table's default. */
const columns: CopiedColumn<NewCustomer>[] = [
  { name: 'name', read: ({ name }) => name ?? null },
  { name: 'email', read: ({ email }) => email ?? null },
  { name: 'timezone', read: ({ timezone }) => timezone ?? null },
  { name: 'currency', read: ({ currency }) => currency ?? null },
];

/** Adds customers by COPY, at a third of the price. It fails and adds no row when one of them exists or two have one id. */
export async function copyCustomers(
  tx: Db,
  change: Change,
  customers: readonly NewCustomer[],
): Promise<void> {
  const at = change.at.toISOString();
  const kinds = { name: 'kind', read: ({ kind = 'user' }: NewCustomer) => kind };
  const metadata = {
    name: 'metadata',
    read: (customer: NewCustomer) => JSON.stringify(customer.metadata ?? {}),
  };
  await copyRows(tx, {
    table: 'subctl.customers',
    columns: [
      { name: 'id', read: ({ id }) => id },
      ...columns.filter(({ read }) => customers.some((customer) => read(customer) !== null)),
      ...(customers.some(({ kind }) => kind === 'group') ? [kinds] : []),
      ...(customers.some((customer) => customer.metadata) ? [metadata] : []),
      { name: 'created_at', read: () => at },
      { name: 'made_by', read: () => change.id },
    ],
    rows: customers,
  });
}

/** Finds the zones that the server does not know; its time zone data may be older than ours. */
export async function unknownZones(db: Db, zones: readonly string[]): Promise<string[]> {
  const rows = await db<{ zone: string }[]>`
    select z.zone from unnest(${[...zones]}::text[]) z(zone) where not subctl_internal.is_timezone(z.zone)`;
  return rows.map(({ zone }) => zone);
}

/** The failure for such a zone. */
export function unknownZone(zone: string): Failure {
  return new Failure('usage', `The time zone '${zone}' is not known to the database server`, {
    hint: 'Give an older name of the same place, or update the time zones of the server',
  });
}

/** @throws Failure usage when the server does not know one of the zones */
export async function checkZones(db: Db, zones: readonly string[]): Promise<void> {
  const [unknown] = await unknownZones(db, zones);
  if (unknown !== undefined) throw unknownZone(unknown);
}
