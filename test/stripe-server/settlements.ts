import type Stripe from 'stripe';
import { createCharge } from './charges.ts';
import { idOf, type World } from './world.ts';

/** Finalizing applies the customer's balance: below 0 is a credit, above it what is owed. What is below 0 in total goes onto the balance. */
export function applyBalance(invoice: Stripe.Invoice, customer: Stripe.Customer): void {
  const { total } = invoice;
  invoice.starting_balance = customer.balance;
  const due = Math.max(0, total + customer.balance);
  invoice.ending_balance = customer.balance + total - due;
  customer.balance = invoice.ending_balance;
  Object.assign(invoice, { amount_due: due, amount_remaining: due });
}

/** A credit note for an invoice that is not paid yet: less of it is due, and its intent asks for less. */
export function noteCredit(world: World, id: string, amount: number): Stripe.Invoice {
  const invoice = world.get('invoice', id);
  invoice.pre_payment_credit_notes_amount += amount;
  invoice.amount_due -= amount;
  invoice.amount_remaining -= amount;
  for (const payment of world.list('invoice_payment', (each) => each.invoice === id)) {
    payment.amount_requested = invoice.amount_due;
    world.get('payment_intent', idOf(payment.payment.payment_intent)).amount = invoice.amount_due;
  }
  world.emit('invoice.updated', invoice, world.nowOf(idOf(invoice.customer)));
  return invoice;
}

/** Billing credits of a grant lower the total before tax; the lines stay as they are. */
export function applyCredits(invoice: Stripe.Invoice, amount: number): void {
  invoice.total_pretax_credit_amounts = [
    { amount, type: 'credit_balance_transaction', credit_balance_transaction: 'cbtxn_T1' },
  ];
  invoice.total -= amount;
  Object.assign(invoice, { amount_due: invoice.total, amount_remaining: invoice.total });
}

/** An invoice of before 2019: its payment is a charge without an intent. */
export function payByCharge(world: World, id: string): Stripe.Charge {
  const invoice = world.get('invoice', id);
  const [payment] = world.list('invoice_payment', (each) => each.invoice === id);
  const intent = world.get('payment_intent', idOf(payment!.payment.payment_intent));
  const charge = createCharge(world, intent, { at: intent.created });
  charge.payment_intent = null;
  payment!.payment = { type: 'charge', charge: charge.id };
  world.held.delete(intent.id);
  world.emit('invoice.updated', invoice, world.nowOf(idOf(invoice.customer)));
  return charge;
}
