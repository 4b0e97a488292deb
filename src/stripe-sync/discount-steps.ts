import type Stripe from 'stripe';
import type { Db } from '../database/connect.ts';
import { minorAsNumber, toMinorUnits } from '../payments/minor-units.ts';
import type { StripeAccount } from '../payments/stripe-account.ts';
import { idOf, secondsOf } from '../payments/stripe-values.ts';
import { doSteps, type StepDone } from './do-steps.ts';
import { productIdOf } from './plan-steps.ts';
import { readPromotions } from './promotions.ts';

/** One step to make a discount code usable at Stripe; `skip` says why it is impossible. */
export interface DiscountStep {
  action: 'create coupon' | 'create code' | 'activate code' | 'deactivate code' | 'skip';
  code: string;
  /** Stripe's id of an existing or planned object */
  stripeId: string | null;
  reason: string;
  coupon?: Stripe.CouponCreateParams;
  promotion?: Stripe.PromotionCodeCreateParams;
}

interface Code {
  code: string;
  kind: 'percent' | 'fixed';
  amount: string;
  currency: string | null;
  plans: string[] | null;
  maxUses: number | null;
  perCustomer: number | null;
  startsAt: Date | null;
  expiresAt: Date | null;
  periods: number | null;
  active: boolean;
  /** whether a period of every plan of the code is a month */
  monthly: boolean;
  uses: number;
}

const couponIdOf = (code: string): string => `subctl_${code}`;

/**
 * Compares our codes with Stripe's coupons and promotion codes, which are found by their ids and metadata. A code never changes at Stripe:
 * it exists, and it is active or not. Stripe counts its uses itself.
 */
export async function listDiscountSteps(db: Db, account: StripeAccount, now: Date): Promise<DiscountStep[]> {
  const codes = await listCodes(db);
  const coupons = new Map<string, Stripe.Coupon>();
  for await (const each of account.pages((client) => client.coupons.list({ limit: 100 })))
    coupons.set(each.id, each);
  const promotions = await readPromotions(account);
  return codes.flatMap((code) => stepsFor(code, { coupons, promotion: promotions.get(code.code), now }));
}

async function listCodes(db: Db): Promise<Code[]> {
  return db<Code[]>`
    select d.code, d.kind, trim_scale(d.amount)::text as amount, d.currency, d.plans, d.max_uses as "maxUses", d.max_uses_per_customer as "perCustomer",
           d.starts_at as "startsAt", d.expires_at as "expiresAt", d.periods, d.active,
           not exists (select from subctl.plan_prices r join subctl.plans p on p.id = r.plan_id and p.current_version = r.version and p.active
                        where r.amount > 0 and r."interval" <> '1mo' and (d.plans is null or p.id = any (d.plans))) as monthly,
           (select count(*)::int from subctl.discount_redemptions x where x.code = d.code) as uses
      from subctl.discounts d order by d.code`;
}

interface There {
  coupons: ReadonlyMap<string, Stripe.Coupon>;
  promotion: Stripe.PromotionCode | undefined;
  now: Date;
}

function mayBeUsed({ active, startsAt, expiresAt }: Code, now: Date): boolean {
  if (startsAt && startsAt > now) return false;
  return active && !(expiresAt && expiresAt <= now);
}

function stepsFor(code: Code, there: There): DiscountStep[] {
  const { coupons, promotion, now } = there;
  const base = { code: code.code, stripeId: promotion?.id ?? null };
  const isGood = mayBeUsed(code, now);
  if (promotion?.active === isGood || (!promotion && !isGood)) return [];
  if (promotion?.active) return [{ ...base, action: 'deactivate code', reason: 'it is not active here' }];
  const why = promotion ? whyNotAgain(promotion, there) : (whyNot(code) ?? whyNotNow(code, there));
  if (why !== undefined) return [{ ...base, action: 'skip', reason: why }];
  if (promotion) return [{ ...base, action: 'activate code', reason: 'it is active here' }];
  return creationSteps(code, coupons);
}

/** Creates a code that Stripe lacks: its coupon first, where that is missing too. */
function creationSteps(code: Code, coupons: There['coupons']): DiscountStep[] {
  const base = { code: code.code, reason: 'it does not exist at Stripe' };
  const id = couponIdOf(code.code);
  const promotion: DiscountStep = {
    ...{ ...base, action: 'create code', stripeId: null, promotion: promotionOf(code) },
  };
  if (coupons.has(id)) return [promotion];
  return [{ ...base, action: 'create coupon', stripeId: id, coupon: couponOf(code) }, promotion];
}

/** "A promotion code can only be reactivated when the coupon is still valid and the promotion code is otherwise redeemable." */
function whyNotAgain(promotion: Stripe.PromotionCode, { coupons, now }: There): string | undefined {
  const { max_redemptions: most, times_redeemed: times, expires_at: expires } = promotion;
  if (most !== null && times >= most) return 'its uses are exhausted at Stripe';
  if (expires !== null && expires <= secondsOf(now)) return 'it has expired at Stripe';
  const coupon = coupons.get(idOf(promotion.promotion.coupon) ?? '');
  if (!coupon) return 'its coupon was deleted at Stripe';
  return coupon.valid ? undefined : 'its coupon is not valid at Stripe';
}

function whyNotNow({ code }: Code, { coupons }: There): string | undefined {
  const coupon = coupons.get(couponIdOf(code));
  return coupon && !coupon.valid ? 'its coupon is not valid at Stripe' : undefined;
}

/** Reasons why Stripe cannot have a code. */
function whyNot({ code, perCustomer, maxUses, uses, periods, monthly }: Code): string | undefined {
  if (!/^[A-Za-z0-9-]+$/.test(code)) return 'Stripe codes have only letters, digits and dashes';
  if (perCustomer !== null) return 'Stripe has no limit of uses per customer';
  if (maxUses !== null && uses >= maxUses) return 'its uses are exhausted here';
  if (periods !== null && periods > 1 && !monthly)
    return 'Stripe discounts by the month, and not every plan of the code is paid monthly';
  return undefined;
}

function durationOf(
  periods: number | null,
): Pick<Stripe.CouponCreateParams, 'duration' | 'duration_in_months'> {
  if (periods === null) return { duration: 'forever' };
  return periods === 1 ? { duration: 'once' } : { duration: 'repeating', duration_in_months: periods };
}

function couponOf({ code, kind, amount, currency, plans, periods }: Code): Stripe.CouponCreateParams {
  return {
    id: couponIdOf(code),
    name: code.slice(0, 40),
    metadata: { subctl_code: code },
    ...(kind === 'percent'
      ? { percent_off: Number(amount) }
      : { amount_off: minorAsNumber(toMinorUnits(amount, currency!)), currency: currency!.toLowerCase() }),
    ...durationOf(periods),
    ...(plans && { applies_to: { products: plans.map(productIdOf) } }),
  };
}

function promotionOf({ code, maxUses, uses, expiresAt }: Code): Stripe.PromotionCodeCreateParams {
  return {
    promotion: { type: 'coupon', coupon: couponIdOf(code) },
    code,
    metadata: { subctl_code: code },
    ...(maxUses !== null && { max_redemptions: maxUses - uses }),
    ...(expiresAt && { expires_at: secondsOf(expiresAt) }),
  };
}

/** Runs the steps at Stripe, in their order. A code that Stripe refuses does not stop the others. */
export function doDiscountSteps(account: StripeAccount, steps: readonly DiscountStep[]): Promise<StepDone[]> {
  return doSteps(steps, { subjectsOf: ({ code }) => [code], act: (step) => doStep(account, step) });
}

async function doStep(
  account: StripeAccount,
  { action, stripeId, coupon, promotion }: DiscountStep,
): Promise<string | null> {
  switch (action) {
    case 'skip':
      return stripeId;
    case 'create coupon':
      return (await account.ask((client) => client.coupons.create(coupon!))).id;
    case 'create code':
      return (await account.ask((client) => client.promotionCodes.create(promotion!))).id;
    case 'activate code':
    case 'deactivate code': {
      const active = action === 'activate code';
      return (await account.ask((client) => client.promotionCodes.update(stripeId!, { active }))).id;
    }
  }
}
