import { expect, test } from 'vitest';
import {
  applicationFunctions,
  type Role,
  bareName,
  personalColumns,
  roleNames,
  secretColumns,
  tableClasses,
} from '../../src/roles/rights.ts';
import { type SchemaObject } from '../../src/roles/rights.ts';
import { listSchemaObjects } from '../../src/roles/schema-objects.ts';
import { personalTables } from '../../src/privacy/personal-columns.ts';
import { databaseWithRoles } from './world.ts';

const { sql, prefix, may } = await databaseWithRoles();
const objects = await listSchemaObjects(sql);
const of = (kind: SchemaObject['kind']) => objects.filter((object) => object.kind === kind);

test('each table is in one class, and what is hidden of it is there', () => {
  expect(Object.values(tableClasses).flat().sort()).toEqual(
    of('table')
      .map(({ name }) => name)
      .sort(),
  );
  for (const [table, columns] of Object.entries({ ...personalColumns, ...secretColumns }))
    expect(of('table').find(({ name }) => name === table)?.columns, table).toEqual(
      expect.arrayContaining([...columns]),
    );
  expect(of('function').map(bareName)).toEqual(expect.arrayContaining([...applicationFunctions]));
});

/** `update`, where it may change some columns with their names. */
async function updatable(role: Role, name: string, columns: readonly string[]): Promise<string | false> {
  const changed: string[] = [];
  for (const column of columns)
    if (await may(role, `update subctl.${name} set "${column}" = default where false`)) changed.push(column);
  if (changed.length === columns.length) return 'update';
  return changed.length > 0 && `update of ${changed.join(' ')}`;
}

test('readers see nothing of a person that an erasure takes away, but for these', () => {
  const erased = Object.entries(personalTables).flatMap(([table, { erased = {}, secret }]) =>
    [...Object.keys(erased), ...(secret?.split(' ') ?? [])].map((column) => `${table}.${column}`),
  );
  const hidden = Object.entries({ ...personalColumns, ...secretColumns }).flatMap(([table, columns]) =>
    columns.map((column) => `${table}.${column}`),
  );
  // provider_keys are of nobody
  expect(hidden.filter((column) => !erased.includes(column))).toEqual(['provider_keys.sealed']);
  expect(erased.filter((column) => !hidden.includes(column)).sort()).toEqual([
    // the audit has of personal fields only that they changed
    'audit_log.after',
    'audit_log.before',
    // what operators and the payment provider give as a reason
    'changes.reason',
    'credit_entries.reason',
    'credit_grants.reason',
    'limit_overrides.reason',
    'parked.last_error',
    'payments.error',
    'refunds.error',
    'refunds.reason',
    // the application's id of a session, beside the amounts
    'reservations.held',
    'stripe_overages.error',
    'subscription_phases.reason',
    // the engine reads whole rows of it for everybody
    'subscriptions.metadata',
    'subscriptions.note',
    // the application's id of a session
    'usage_events.session_id',
    'usage_resets.reason',
  ]);
});

test('M1: what each role may with each table and view, by trying it', async () => {
  const lines: string[] = [];
  for (const { name, kind, columns } of [...of('table'), ...of('view')]) {
    const cells: string[] = [];
    for (const role of roleNames) {
      const seen: string[] = [];
      for (const column of columns)
        if (await may(role, `select "${column}" from subctl.${name} limit 0`)) seen.push(column);
      const hidden = columns.filter((column) => !seen.includes(column));
      const rights = [
        seen.length > 0 && `select${hidden.length > 0 ? ` but ${hidden.join(' ')}` : ''}`,
        // a view is refused as such, whoever asks
        ...(kind === 'view'
          ? []
          : [
              (await may(role, `insert into subctl.${name} default values`)) && 'insert',
              await updatable(role, name, columns),
              (await may(role, `delete from subctl.${name} where false`)) && 'delete',
            ]),
      ].filter(Boolean);
      cells.push(`${role}: ${rights.join(', ') || '-'}`);
    }
    lines.push(`${name} (${kind})\n  ${cells.join('\n  ')}`);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('matrix-of-tables.txt');
});

const refused = (object: SchemaObject) =>
  new RegExp(`(function ${bareName(object)}|schema subctl_internal)$`);

/** A strict function is not even looked at where its arguments are null. */
async function isGranted(role: string, name: string): Promise<boolean> {
  const [row] =
    await sql`select has_function_privilege(${`${prefix}_${role}`}, p.oid, 'execute') as may from pg_proc p
    where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace) and p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' = ${name}`;
  return row!['may'] as boolean;
}

test('M1: which role may call which function, by calling it', async () => {
  const typed = await sql<{ name: string; call: string; strict: boolean }[]>`
    select p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as name,
           p.proisstrict as strict, 'select ' || p.pronamespace::regnamespace || '.' || p.proname || '(' || coalesce((
             select string_agg('null::' || n.nspname || '.' || quote_ident(y.typname), ', ' order by u.n)
               from unnest(p.proargtypes) with ordinality u(t, n)
               join pg_type y on y.oid = u.t join pg_namespace n on n.oid = y.typnamespace), '') || ')' as call
      from pg_proc p where p.pronamespace in ('subctl'::regnamespace, 'subctl_internal'::regnamespace)
       and p.prorettype <> 'trigger'::regtype and p.prorettype <> 'event_trigger'::regtype and p.prokind = 'f'`;
  const lines: string[] = [];
  for (const object of of('function')) {
    const { call, strict } = typed.find(({ name }) => name === object.name)!;
    const allowed: string[] = [];
    for (const role of roleNames)
      if (strict ? await isGranted(role, object.name) : await may(role, call, refused(object)))
        allowed.push(role);
    lines.push(`${bareName(object)}: ${allowed.join(' ')}`);
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('matrix-of-functions.txt');
});
