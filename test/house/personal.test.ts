import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { expect, it } from 'vitest';
import { command as exportCustomer } from '../../src/commands/customers/export.ts';
import { findFacts } from '../../src/commands/facts.ts';
import { personalTables } from '../../src/privacy/personal-columns.ts';
import { impersonalTables } from '../../src/privacy/impersonal-tables.ts';
import { filesIn } from './sources.ts';

const schema = new Map<string, string[]>();
for (const file of filesIn('src/database/schema', '.ts')) {
  const made = (await import(`../../${file}`)) as Record<string, unknown>;
  for (const table of Object.values(made))
    if (table instanceof PgTable) {
      const { name, columns } = getTableConfig(table);
      schema.set(name, columns.map((column) => column.name).sort());
    }
}

const classified = new Map<string, string[]>([
  ...Object.entries(personalTables).map(
    ([name, { customer, member, erased, secret, kept }]): [string, string[]] => [
      name,
      [
        customer,
        member ?? '',
        ...Object.keys(erased ?? {}),
        ...(secret ?? '').split(' '),
        ...kept.split(' '),
      ].filter(Boolean),
    ],
  ),
  ...Object.entries(impersonalTables).map(([name, columns]): [string, string[]] => [
    name,
    columns.split(' '),
  ]),
]);

it('every column of the schema is classified: whose it is, whether it is handed over, and whether it is erased', () => {
  const sorted = new Map([...classified].map(([name, columns]) => [name, [...columns].sort()]));
  expect(
    Object.fromEntries([...sorted].sort()),
    'Give a new column its place in src/privacy: what names or describes a person is erased, with what it becomes; the rest is kept',
  ).toEqual(Object.fromEntries([...schema].sort()));
});

it('no table with the id of a customer is of nobody, unless it is a cache', () => {
  const caches = ['customer_priced_rules', 'customer_rules'];
  const wrong = Object.entries(impersonalTables).filter(([, columns]) =>
    /\b(customer_id|member_id)\b/.test(columns),
  );
  expect(wrong.map(([name]) => name)).toEqual(caches);
});

it('columns of persons are never merely kept', () => {
  const personal = /^(name|email|phone|address|metadata|note|payload|last_error|method_.*|session_id)$/;
  const wrong = Object.entries(personalTables).flatMap(([table, { kept }]) =>
    kept
      .split(' ')
      .filter((column) => personal.test(column))
      .map((column) => `${table}.${column}`),
  );
  // the name of a token is given by the operator
  expect(wrong).toEqual(['api_tokens.name']);
});

it('customers export has a part for each table of persons', () => {
  expect([...findFacts(exportCustomer).parts!].sort()).toEqual(Object.keys(personalTables).sort());
});
