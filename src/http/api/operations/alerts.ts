import * as z from 'zod';
import { listAlerts } from '../../../alerts/list.ts';
import { readAlerts } from '../../../alerts/read.ts';
import { needCustomer } from '../../../customers/find-customer.ts';
import { alertsAnswer, readAnswer } from '../answers.ts';
import { count, customerId, instant, text } from '../fields.ts';
import { reads, writes } from '../needs.ts';
import { nothing, operation } from '../operation.ts';

const params = z.strictObject({ customer: customerId });

export const listCustomerAlerts = operation({
  id: 'listAlerts',
  tag: 'Alerts',
  method: 'get',
  path: '/v1/customers/{customer}/alerts',
  summary: 'List thresholds that a customer reached, in the order of time',
  description: 'severity is info below 90 %, warning below 100 %, error from there.',
  scope: 'read',
  needs: [reads('alerts')],
  shape: {
    params,
    query: z.strictObject({
      unread: z.enum(['true', 'false']).optional().describe('Only unread ones'),
      meter: text().optional(),
      from: instant('from').optional(),
      limit: count('limit', { min: 1, max: 1000 }).optional().describe('At most so many; 100 unless given'),
    }),
    body: undefined,
  },
  answer: alertsAnswer,
  statuses: { 404: 'There is no such customer' },
  customers: ({ params }) => [params.customer],
  async run({ connection }, { params: { customer }, query: { unread, meter, from, limit = 100 } }) {
    await needCustomer(connection, customer);
    return {
      body: {
        alerts: await listAlerts(connection, { customer, meter, from, limit, unread: unread === 'true' }),
      },
    };
  },
});

export const readCustomerAlerts = operation({
  id: 'readAlerts',
  tag: 'Alerts',
  method: 'post',
  path: '/v1/customers/{customer}/alerts/read',
  summary: 'Mark a customer’s alerts as read',
  description: 'Those of up to now, or of up to an instant; says how many were not read before.',
  scope: 'alerts',
  needs: [writes('update', 'alerts')],
  shape: {
    params,
    query: nothing,
    body: z.strictObject({ meter: text().optional(), until: instant('until').optional() }),
  },
  answer: readAnswer,
  statuses: { 404: 'There is no such customer' },
  example: {},
  customers: ({ params }) => [params.customer],
  async run({ connection, now: clock }, { params: { customer }, body: { meter, until } }) {
    const now = await clock();
    return {
      body: { customer, read: await readAlerts(connection, { customer, meter, until: until ?? now, now }) },
    };
  },
});
