import { createHash } from 'node:crypto';
import { call } from '../database/call.ts';
import { audit, type Change } from '../database/change.ts';
import type { Db } from '../database/connect.ts';
import { Failure } from '../domain/failure.ts';
import { minorAsNumber, toMinorUnits } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { secondsOf } from '../payments/stripe-values.ts';
import type { Writer } from './mirror-customer.ts';
import { forGood, isForGood } from './refused-for-good.ts';
import { sendUses } from './send-uses.ts';
import type { UnreportedOverage } from './unreported-overage.ts';

/** Lists customers whose subscription belongs to Stripe and whose plan allows overage, or who have unreported overage. */
export async function listOverusers(
  db: Db,
  one?: string,
): Promise<{ customer: string; stripeCustomer: string }[]> {
  return db<{ customer: string; stripeCustomer: string }[]>`
    select c.id as customer, c.stripe_customer_id as "stripeCustomer" from subctl.customers c
     where c.stripe_customer_id is not null
       and not exists (select from subctl.stripe_mirrors m where m.customer_id = c.id and m.deleted_id = c.stripe_customer_id)
       and (${one ?? null}::text is null or c.id = ${one ?? null})
       and (exists (select from subctl.stripe_overages o where o.customer_id = c.id and o.told_at is null and o.failed_at is null)
         or exists (select from subctl.subscriptions s
                      join subctl.plan_limits l on l.plan_id = s.plan_id and l.version = s.version and l.enforcement = 'overage'
                     where s.customer_id = c.id and s.collection = 'stripe'))
     order by c.id`;
}

/** The result of reporting a customer's overage: how much was reported, and what Stripe permanently refused, as sentences. */
export interface ReportedOverage {
  told: number;
  refused: string[];
}

/**
 * Reports to Stripe what a customer used beyond limits with overage, in closed windows. Each report is committed before Stripe is asked,
 * under a key by which it is looked up before it is sent again. The setting `stripe_overage` chooses the way. A failure does not stop the
 * others. A permanently refused report has failed, with the reason, and is not sent again.
 * @throws Failure refused for a meter that Stripe lacks, or units that it cannot count; unavailable: the first of them
 */
export async function reportOverage(
  db: Db,
  account: StripeAccount,
  write: Writer,
  { customer, stripeCustomer, now }: { customer: string; stripeCustomer: string; now: Date },
): Promise<ReportedOverage> {
  const unreported = await write(async (tx, change) => {
    await call(tx, 'subctl_internal.queue_stripe_overage', { customer, as_of: now, change: change.id });
    return tx<UnreportedOverage[]>`
      select source_key as "sourceKey", way, description, meter_id as meter, trim_scale(units)::text as units, trim_scale(amount)::text as amount, currency,
             window_start as "windowStart", window_end as "windowEnd", change_id is distinct from ${change.id} as resumed, stripe_id as identifier
        from subctl.stripe_overages
       where customer_id = ${customer} and told_at is null and failed_at is null
       order by at, source_key`;
  });
  const done: ReportedOverage = { told: 0, refused: [] };
  let failed: Failure | undefined;
  for (const each of unreported) {
    const { sourceKey, description, amount, currency } = each;
    const asked = { customer, stripeCustomer, unreported: each, now };
    const answer = await reportOne(db, account, asked).catch((error: unknown) => {
      if (error instanceof Failure && isOfOneUse(error)) return error;
      throw error;
    });
    if (!(answer instanceof Failure)) {
      await write(
        (tx) => tx`
          update subctl.stripe_overages set told_at = ${now}, stripe_id = ${answer}
           where customer_id = ${customer} and source_key = ${sourceKey} and told_at is null`,
      );
      done.told += 1;
    } else if (isForGood(answer)) {
      await write((tx, change) => writeRefused(tx, change, { customer, sourceKey, error: answer.message }));
      done.refused.push(`${description}, ${amount} ${currency}: failed: ${answer.message}`);
    } else failed ??= answer;
  }
  if (failed) throw failed;
  return done;
}

/** Reports one overage; a wrong key and an unavailable Stripe concern all of them. */
const isOfOneUse = ({ kind }: Failure): boolean => /^(refused|not_found|conflict)$/.test(kind);

async function writeRefused(
  tx: Db,
  change: Change,
  { customer, sourceKey, error }: { customer: string; sourceKey: string; error: string },
): Promise<void> {
  await tx`
    update subctl.stripe_overages set failed_at = ${change.at}, error = ${error}
     where customer_id = ${customer} and source_key = ${sourceKey} and told_at is null and failed_at is null`;
  await audit(tx, change, [
    { customer, entity: 'overage', key: sourceKey, before: null, after: { status: 'failed', error } },
  ]);
}

async function reportOne(
  db: Db,
  account: StripeAccount,
  asked: { customer: string; stripeCustomer: string; unreported: UnreportedOverage; now: Date },
): Promise<string | null> {
  const { unreported, stripeCustomer } = asked;
  if (unreported.way === 'invoice-items') return addItem(account, stripeCustomer, unreported);
  const identifier = unreported.identifier ?? keyOf(stripeCustomer, unreported.sourceKey);
  await sendUses(db, account, { ...asked, identifier });
  return identifier;
}

/** Adds an item to the customer's next invoice; a zero amount adds none. */
async function addItem(
  account: StripeAccount,
  customer: string,
  unreported: UnreportedOverage,
): Promise<string | null> {
  const { sourceKey, description, amount, currency, windowStart, windowEnd, units, resumed } = unreported;
  const minor = forGood(() => toMinorUnits(amount, currency));
  if (minor === 0n) return null;
  const key = keyOf(customer, sourceKey);
  if (resumed) {
    const list = account.pages((client) => client.invoiceItems.list({ customer, limit: 100 }));
    for await (const item of list) if (item.metadata?.['subctl_key'] === key) return item.id;
  }
  const made = await account.ask((client) =>
    client.invoiceItems.create(
      {
        customer,
        amount: minorAsNumber(minor),
        currency: currency.toLowerCase(),
        description,
        period: { start: secondsOf(windowStart), end: secondsOf(windowEnd) },
        metadata: { subctl_key: key, subctl_units: units },
      },
      { idempotencyKey: key },
    ),
  );
  return made.id;
}

/** Stripe's keys have at most 100 characters. */
const keyOf = (customer: string, sourceKey: string): string =>
  `subctl_${createHash('sha256').update(`${customer}\u0000${sourceKey}`).digest('hex').slice(0, 40)}`;
