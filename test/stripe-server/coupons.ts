import type Stripe from 'stripe';
import { type Params, integer, record, text, texts } from './form.ts';
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
  world.get('coupon', coupon, 'promotion[coupon]');
  return world.add('promotion_code', {
    id: world.newId('promotion_code'),
    object: 'promotion_code',
    active: true,
    code: text(params['code']) ?? world.newId('promotion_code').toUpperCase(),
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

/** Gives a subscription the discount of a coupon or of a promotion code. */
export function addDiscount(world: World, subscription: Stripe.Subscription, asked: Params): void {
  const promotion = text(asked['promotion_code']);
  const code = promotion ? world.get('promotion_code', promotion, 'discounts[0][promotion_code]') : undefined;
  const coupon = world.get(
    'coupon',
    code ? idOf(code.promotion.coupon) : text(asked['coupon']),
    'discounts[0][coupon]',
  );
  coupon.times_redeemed += 1;
  if (code) code.times_redeemed += 1;
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
