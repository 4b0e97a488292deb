import { numeric, pgSchema, timestamp, varchar } from 'drizzle-orm/pg-core';

/** The PostgreSQL schema that holds everything of subctl's, beside the application's own tables. */
export const subctl = pgSchema('subctl');

/** An instant: `timestamptz`, a `Date` in TypeScript (milliseconds). */
export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** An exact amount of money, credits or units: `numeric`, a decimal string in TypeScript. */
export const amount = (name: string) => numeric(name);

/** The customer's id: the application's own text, the first column of every key of a customer's table. */
export const customerId = () => varchar('customer_id', { length: 200 }).notNull();
