import type Stripe from 'stripe';

/** Requests another price and quantity for the plan's item from the end of the period on. */
export interface LaterRequest {
  item: Stripe.SubscriptionItem;
  price: string;
  quantity: number;
  /** of one period at that price */
  duration: { interval: 'day' | 'week' | 'month' | 'year'; interval_count: number };
}
