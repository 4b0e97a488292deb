import type Stripe from 'stripe';
import type { World } from './world.ts';

interface SessionFacts {
  mode: Stripe.Checkout.Session.Mode;
  customer: string | null;
  reference: string | null;
  metadata: Stripe.Metadata;
  successUrl: string | null;
  promotions: boolean | null;
}

export function newSession(
  world: World,
  { mode, customer, reference, metadata, successUrl, promotions }: SessionFacts,
): Stripe.Checkout.Session {
  const id = world.newId('checkout_session');
  const at = world.nowOf(customer);
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: promotions,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: reference,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: at,
    currency: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: at + 86_400,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: world.livemode,
    locale: null,
    managed_payments: null,
    metadata,
    mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'always',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: null,
    subscription: null,
    success_url: successUrl,
    total_details: null,
    ui_mode: 'hosted_page',
    url: `https://checkout.stripe.test/c/pay/${id}`,
    wallet_options: null,
  };
}
