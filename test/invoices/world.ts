import { payInvoice } from '../../src/billing/pay-invoice.ts';
import { voidInvoice } from '../../src/billing/void-invoice.ts';
import { intendRefund, settleRefund } from '../../src/billing/refund.ts';
import type { Connection } from '../../src/database/connect.ts';
import { asTester } from '../support/catalogue.ts';
import { runTasks } from '../integrity/town.ts';

/** What everybody may do with an invoice by hand, at an instant. */
export function handsOn(sql: Connection) {
  const at = (time: string) => new Date(time);
  return {
    pay: (
      time: string,
      number: string,
      reference: string,
      more: { amount?: string; provider?: string; at?: Date } = {},
    ) =>
      asTester(
        sql,
        (tx, change) => payInvoice(tx, change, { number, reference, provider: 'manual', ...more }),
        at(time),
      ),
    takeBack: (time: string, number: string) =>
      asTester(sql, (tx, change) => voidInvoice(tx, change, { number }), at(time)),
    giveBack: (time: string, number: string, more: { amount?: string; reference?: string } = {}) =>
      asTester(
        sql,
        async (tx, change) =>
          settleRefund(tx, change, {
            refund: await intendRefund(tx, change, { number, ...more }),
            answer: { status: 'refunded' },
          }),
        at(time),
      ),
    night: (time: string) => runTasks(sql, time, { pays: false }),
    numbers: async (customer: string) =>
      (
        await sql<
          { number: string }[]
        >`select number from subctl.invoices where customer_id = ${customer} order by number`
      ).map(({ number }) => number),
    statusOf: async (customer: string) =>
      (
        await sql<{ status: string }[]>`
          select status from subctl.subscriptions where customer_id = ${customer} order by started_at desc, id desc limit 1`
      )[0]!.status,
  };
}
