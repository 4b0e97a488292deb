/** Fault done by hand: which check must name it, and whose row it is ('' for the catalogue and the timetable). */
export interface Fault {
  what: string;
  check: string;
  customer: string;
  sql: string;
}

/** Takes constraints away that would refuse the fault; the transaction brings them back. */
export const drop = (table: string, ...constraints: string[]) =>
  constraints.map((name) => `alter table subctl.${table} drop constraint "${name}" cascade; `).join('');
/** Copies a row of a table, changed. */
export const copy = (table: string, where: string, change: string) =>
  `create temp table copied on commit drop as select * from subctl.${table} where ${where} limit 1; update copied set ${change}; ` +
  `insert into subctl.${table} select * from copied`;
/** The newest row of a customer. */
export const newest = (table: string, customer: string, order: string) =>
  `ctid = (select ctid from subctl.${table} where customer_id = '${customer}' order by ${order} desc limit 1)`;
