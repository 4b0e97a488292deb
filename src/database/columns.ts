import type { Column } from 'drizzle-orm';
import { type PgTable, customType, numeric, pgSchema, varchar } from 'drizzle-orm/pg-core';
import { instantText } from './values.ts';

/** The PostgreSQL schema that holds everything of subctl's, beside the application's own tables. */
export const subctl = pgSchema('subctl');

/**
 * An instant: `timestamptz`, a `Date` in TypeScript (milliseconds) of any year that PostgreSQL has. drizzle's own `timestamp` writes
 * `toISOString()`, which PostgreSQL does not read before the year 1 and after the year 9999.
 */
export const instant = customType<{ data: Date; driverData: Date | string }>({
  dataType: () => 'timestamp with time zone',
  toDriver: instantText,
});

/** An exact amount of money, credits or units: `numeric`, a decimal string in TypeScript. */
export const amount = <Name extends string>(name: Name) => numeric(name);

/** A whole number of up to 19 digits: `bigint`, a decimal string in TypeScript. */
export const wholeNumber = customType<{ data: string; driverData: string }>({ dataType: () => 'bigint' });

/** The customer's id: the application's own text, the first column of every key of a customer's table. */
export const customerId = () => varchar('customer_id', { length: 200 }).notNull();

/**
 * A row of a table as SQL gives it: by the names of its columns, which is what `select *` gives. For the names of the properties
 * take `typeof table.$inferSelect`.
 */
export type Row<Table extends PgTable> = {
  [
    Key in keyof Columns<Table> as Columns<Table>[Key]['_']['name']
  ]: Columns<Table>[Key]['_']['notNull'] extends true
    ? Columns<Table>[Key]['_']['data']
    : Columns<Table>[Key]['_']['data'] | null;
};

type Columns<Table extends PgTable> = Table['_']['columns'] & Record<string, Column>;

/** A row some of whose columns have another name, as `select customer_id as customer` gives it; the others keep theirs. */
export type Renamed<Whole extends object, Names extends { [Column in keyof Whole]?: string }> = {
  [Column in keyof Whole as Column extends keyof Names ? Names[Column] & string : Column]: Whole[Column];
};
