import type { Check } from '../check.ts';

/** What is parked was tried, and belongs to a customer that exists. */
export const parkedRows: Check = {
  name: 'parked rows',
  asserts: 'What is parked was tried, and belongs to a customer that exists',
  findings: (db) => db`
    select p.customer_id as customer, concat_ws(' ', 'parked', p.task, p.id) as what, 'tried, first and last in order' as expected,
           concat_ws(' ', p.attempts, 'tries from', subctl.iso(p.first_at), 'to', subctl.iso(p.last_at)) as found
      from subctl.parked p where p.attempts < 1 or p.last_at < p.first_at`,
};
