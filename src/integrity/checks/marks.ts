import { wrongMarks } from '../marks.ts';
import type { Check } from '../check.ts';

/** The running totals of rolling windows grow by what the events between two of them say; it is only the differences that are figures. */
export const marks: Check = {
  name: 'running totals',
  asserts: 'The running totals of rolling windows grow by what the events say, at the instants of the events',
  findings: (db) => db`
    select m.customer_id as customer, concat_ws(' ', 'running total of', m.meter_id, nullif(m.subject, ''), 'at', subctl.iso(m.at)) as what,
           '+' || trim_scale(m.ought) as expected, coalesce('+' || trim_scale(m.amount), 'none') as found
      from (${wrongMarks(db)}) m`,
};
