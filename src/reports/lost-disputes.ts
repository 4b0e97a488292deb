import type { Db } from '../database/connect.ts';
import type { Span } from './span.ts';

/** Amounts that lost disputes withdrew in a span, with the invoice of their payment (customer_id, invoice_id, currency, amount). */
export const lostDisputes = (db: Db, { from, to }: Pick<Span, 'from' | 'to'>) => db`
  select k.customer_id, k.invoice_id, d.currency, d.amount
    from subctl.disputes d
    join subctl.payments p on p.customer_id = d.customer_id and p.provider_id = d.provider_id
    join subctl.net_payments k on k.customer_id = p.customer_id and k.payment_id = p.id and k.currency = d.currency
   where d.kind = 'dispute' and d.status = 'lost' and coalesce(d.closed_at, d.at) >= ${from} and coalesce(d.closed_at, d.at) < ${to}`;
