import type { Db } from '../database/connect.ts';

/**
 * SQL: how many seconds of a window of `length` seconds must have passed before a projection: a day, for windows under ten days a tenth.
 */
export const enoughElapsed = (db: Db, length: 'a.length' | 'length' | 'c.length') =>
  db`least(86400, ${db(length)} / 10)`;
