import type Stripe from 'stripe';
import { type Params, type Value, flag, integer, list, record, text, texts } from './form.ts';
import { idOf, invalid, type World } from './world.ts';

export function createCoupon(world: World, params: Params): Stripe.Coupon {
  const id = text(params['id']) ?? world.newId('coupon');
  const [percent, off] = [text(params['percent_off']), integer(params['amount_off'])];
  if ((percent === undefined) === (off === undefined))
    throw invalid('You must pass either percent_off or amount_off', 'percent_off');
  return world.add('coupon', {
    id,
    object: 'coupon',
    amount_off: off ?? null,
    created: world.now,
    currency: text(params['currency']) ?? null,
    duration: (text(params['duration']) ?? 'once') as 'once',
    duration_in_months: integer(params['duration_in_months']) ?? null,
    livemode: world.livemode,
    max_redemptions: integer(params['max_redemptions']) ?? null,
    metadata: texts(params['metadata']),
    name: text(params['name']) ?? null,
    percent_off: percent === undefined ? null : Number(percent),
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  });
}

export function createPromotionCode(world: World, params: Params): Stripe.PromotionCode {
  const coupon = text(record(params['promotion'])['coupon']);
  if (!world.get('coupon', coupon, 'promotion[coupon]').valid)
    throw invalid('This coupon is not valid.', 'promotion[coupon]');
  const code = text(params['code']) ?? world.newId('promotion_code').replace('_', '').toUpperCase();
  checkCode(world, code);
  return world.add('promotion_code', {
    id: world.newId('promotion_code'),
    object: 'promotion_code',
    active: true,
    code,
    created: world.now,
    customer: null,
    customer_account: null,
    expires_at: integer(params['expires_at']) ?? null,
    livemode: world.livemode,
    max_redemptions: integer(params['max_redemptions']) ?? null,
    metadata: texts(params['metadata']),
    promotion: { coupon: coupon ?? null, type: 'coupon' },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
  });
}

/**
 * "Valid characters are lower case letters (a-z), upper case letters (A-Z), digits (0-9), and dashes (-)"; "regardless of case, this code must be
 * unique across all active promotion codes for a specific customer" (PromotionCodeCreateParams.code).
 */
function checkCode(world: World, code: string): void {
  if (!/^[A-Za-z0-9-]{1,500}$/.test(code))
    throw invalid('The code must only contain letters, digits and dashes.', 'code');
  const same = world.list(
    'promotion_code',
    (each) => each.active && each.code.toLowerCase() === code.toLowerCase(),
  );
  if (same.length > 0)
    throw invalid(`An active promotion code with \`code: ${code}\` already exists.`, 'code');
}

/**
 * "A promotion code can only be reactivated when the coupon is still valid and the promotion code is otherwise redeemable"
 * (PromotionCodeUpdateParams.active): not when it has expired, nor when its uses are exhausted.
 */
export function updatePromotionCode(world: World, id: string, params: Params): Stripe.PromotionCode {
  const code = world.get('promotion_code', id);
  const active = flag(params['active']);
  if (active && !isRedeemable(world, code))
    throw invalid(`The promotion code ${code.code} cannot be activated.`, 'active');
  code.active = active ?? code.active;
  return code;
}

function isRedeemable(world: World, code: Stripe.PromotionCode): boolean {
  const { expires_at: expires, max_redemptions: most } = code;
  return (
    world.get('coupon', idOf(code.promotion.coupon)).valid &&
    !(expires !== null && expires <= world.now) &&
    !(most !== null && code.times_redeemed >= most)
  );
}

/**
 * "A populated array overwrites the existing discounts on the subscription. If not specified or empty array, it leaves the subscription's
 * discounts unchanged. If empty string, it clears" them (SubscriptionUpdateParams.discounts).
 */
export function replaceDiscounts(
  world: World,
  subscription: Stripe.Subscription,
  asked: Value | undefined,
): void {
  if (asked === undefined) return;
  const each = list(asked).map(record);
  const kept = each.map(({ discount }) => text(discount));
  subscription.discounts = subscription.discounts.filter((held) => kept.includes(idOf(held)));
  for (const one of each) if (one['discount'] === undefined) addDiscount(world, subscription, one);
}

/** Gives a subscription the discount of a coupon or of a promotion code. */
export function addDiscount(world: World, subscription: Stripe.Subscription, asked: Params): void {
  const promotion = text(asked['promotion_code']);
  const code = promotion ? world.get('promotion_code', promotion, 'discounts[0][promotion_code]') : undefined;
  const coupon = world.get(
    'coupon',
    code ? idOf(code.promotion.coupon) : text(asked['coupon']),
    'discounts[0][coupon]',
  );
  if (code && !code.active)
    throw invalid('This promotion code is not active.', 'discounts[0][promotion_code]');
  coupon.times_redeemed += 1;
  if (coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions)
    coupon.valid = false;
  if (code) {
    code.times_redeemed += 1;
    code.active = isRedeemable(world, code); // Stripe deactivates one that is used up
  }
  const at = world.nowOf(idOf(subscription.customer));
  const discount: Stripe.Discount = {
    id: world.newId('discount'),
    object: 'discount',
    checkout_session: null,
    customer: subscription.customer,
    customer_account: null,
    end: null,
    invoice: null,
    invoice_item: null,
    promotion_code: code?.id ?? null,
    source: { coupon: coupon.id, type: 'coupon' },
    start: at,
    subscription: subscription.id,
    subscription_item: null,
  };
  world.add('discount', discount);
  subscription.discounts = [...subscription.discounts, discount.id];
}

/** Makes a subscription have these discounts and no others: one that is there by its id goes on, a coupon or code begins anew. */
export function setDiscounts(
  world: World,
  subscription: Stripe.Subscription,
  asked: Stripe.SubscriptionSchedule.Phase['discounts'],
): void {
  const kept = asked.map(({ discount }) => idOf(discount)).filter((id) => id !== '');
  subscription.discounts = subscription.discounts.filter((each) => kept.includes(idOf(each)));
  for (const { coupon, promotion_code: code } of asked)
    if (coupon !== null) addDiscount(world, subscription, { coupon: idOf(coupon) });
    else if (code !== null) addDiscount(world, subscription, { promotion_code: idOf(code) });
}

/** Takes an invoice's discounts off its total, whole minor units, half up; one that holds once is used up by it. */
export function discountLines(world: World, invoice: Stripe.Invoice): void {
  let total = invoice.subtotal;
  invoice.total_discount_amounts = invoice.discounts.map((held) => {
    const discount = world.get('discount', idOf(held));
    const coupon = world.get('coupon', idOf(discount.source.coupon));
    const amount = Math.min(
      Math.max(total, 0),
      coupon.amount_off ?? Math.round((Math.max(total, 0) * (coupon.percent_off ?? 0)) / 100),
    );
    total -= amount;
    const subscription = world.find('subscription', discount.subscription ?? '');
    if (coupon.duration === 'once' && subscription)
      subscription.discounts = subscription.discounts.filter((each) => idOf(each) !== discount.id);
    return { amount, discount: discount.id };
  });
  const due = Math.max(0, total);
  Object.assign(invoice, { total, total_excluding_tax: total, amount_due: due, amount_remaining: due });
}
