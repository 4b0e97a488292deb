import type { Db } from '../database/connect.ts';

/** Describes a subscription's payment state: its status, and a sentence when it is not simply active. */
export async function describeAmountDue(
  db: Db,
  { customer, subscription, now }: { customer: string; subscription: string | null; now: Date },
): Promise<{ status: string | null; sentence: string }> {
  if (subscription === null) return { status: null, sentence: '' };
  const [row] = await db<[{ status: string; plan: string; open: number }]>`
    select s.status, s.plan_id as plan,
           (select count(*)::int from subctl.invoices i
             where i.customer_id = s.customer_id and i.subscription_id = s.id and i.status = 'open' and i.due_at <= ${now}) as open
      from subctl.subscriptions s where s.customer_id = ${customer} and s.id = ${subscription}`;
  const { status, plan, open } = row;
  if (status === 'past_due')
    return {
      status,
      sentence: `; ${plan} stays past due: ${open} more ${open === 1 ? 'invoice is' : 'invoices are'} open`,
    };
  if (status === 'expired' || status === 'canceled')
    return {
      status,
      sentence: `; the subscription to ${plan} has ended. Start a new one: subctl assign ${customer} ${plan}`,
    };
  return { status, sentence: '' };
}
