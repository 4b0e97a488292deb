import type Stripe from 'stripe';
import { type Params, flag, text, texts } from './form.ts';
import { attachMethod, behaviourOf } from './methods.ts';
import { ApiError, type World } from './world.ts';

/** Saves a way to pay without a payment; a card that its bank refuses is refused here too. */
export function createSetup(world: World, params: Params): Stripe.SetupIntent {
  const customer = text(params['customer']) ?? null;
  const id = world.newId('setup_intent');
  const setup: Stripe.SetupIntent = {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: null,
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_T`,
    created: world.nowOf(customer),
    customer,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: world.livemode,
    managed_payments: null,
    mandate: null,
    metadata: texts(params['metadata']),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: 'off_session',
  };
  world.add('setup_intent', setup);
  return flag(params['confirm']) ? confirmSetup(world, id, params) : setup;
}

export function confirmSetup(world: World, id: string, params: Params): Stripe.SetupIntent {
  const setup = world.get('setup_intent', id);
  const method = attachMethod(world, text(params['payment_method']) ?? '', {
    customer: String(setup.customer),
  });
  setup.payment_method = method.id;
  const { declines, authenticates } = behaviourOf(method);
  const at = world.nowOf(String(setup.customer));
  if (declines) {
    world.emit('setup_intent.setup_failed', setup, at);
    throw new ApiError(402, {
      type: 'card_error',
      code: declines.code,
      decline_code: declines.decline,
      message: 'Your card was declined.',
    });
  }
  setup.status = authenticates ? 'requires_action' : 'succeeded';
  if (!authenticates) world.emit('setup_intent.succeeded', setup, at);
  return setup;
}
