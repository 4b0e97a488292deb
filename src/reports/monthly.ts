import type { Db } from '../database/connect.ts';

/** SQL: price times seats of `row`, which has an interval, per month: a year is twelve months, a month 30.4375 days. */
export const perMonth = (db: Db, row: 's' | 'x') => db`
  ${db(row)}.price * ${db(row)}.quantity / substring(${db(row)}.every from '^[0-9]+')::numeric
  * case substring(${db(row)}.every from '[a-z]+$') when 'mo' then 1 when 'y' then 1 / 12::numeric when 'w' then 30.4375 / 7 else 30.4375 end`;
