/**
 * What we ask of a payment provider; `stripe.ts` is the one that answers. Amounts are whole minor units of the currency as the provider
 * counts them (see minor-units.ts), never floats. Currencies are ISO codes in capitals.
 *
 * Every method throws Failure: `unavailable` when the provider could not be reached, was too busy or gave up (what was asked may or may
 * not have happened: look before asking again), `config` for a key that is wrong or may not do this, `refused` for what it will not do,
 * `not_found` for what it does not have, `conflict` for a key that was used for something else. A decline is no Failure but an outcome.
 */
export interface Gateway {
  /** `stripe`: the provider of payments' rows */
  readonly provider: string;
  /** real money, or the provider's test mode */
  readonly live: boolean;

  /**
   * Makes the provider's customer, or finds the one made for this customer before, and gives its id. The names are kept up to date. One that was
   * found is claimed first: `claim` throws where it belongs to somebody else, and then nothing is changed.
   */
  ensureCustomer(customer: PayingCustomer, claim?: ClaimCustomer): Promise<string>;

  /**
   * Closes the pages of the provider's on which a provider's customer could still subscribe, and gives the subscriptions that live there. Ask
   * before a charge: whoever pays here must not pay there as well.
   */
  closePurchases(customer: string): Promise<LivePurchase[]>;

  /**
   * Charges one invoice on the saved method without the customer being there, at once. One intent per invoice: a later attempt names the
   * intent of the earlier one in `reference`, which is tried again. Asking twice with one key charges once.
   */
  charge(charge: ChargeRequest): Promise<Charge>;

  /** The charge that was made with this key, paid or not; undefined when there is none. Ask before resuming an intention. */
  findCharge(ask: { customer: string; key: string; since: Date }): Promise<Charge | undefined>;

  /** How a charge stands now, by its reference. */
  getCharge(reference: string): Promise<Charge>;

  /** Gives up a charge that is not through, so that it never will be. One that was paid meanwhile is given back as `paid`. */
  cancelCharge(reference: string): Promise<Charge>;

  /** Pays back all or a part of a charge. Asking twice with one key pays back once. */
  refund(refund: RefundRequest): Promise<Refund>;

  /** All refunds of a charge, oldest first. */
  listRefunds(reference: string): Promise<Refund[]>;

  /** The saved ways to pay of a provider's customer, the default one first. */
  listMethods(customer: string): Promise<PaymentMethod[]>;
}

/** Who pays, in our words; `id` is the application's. */
export interface PayingCustomer {
  id: string;
  /** the provider's id, when it is known */
  providerId?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  /** when it was made here: the provider's is not older, unless it was linked by hand */
  since?: Date | undefined;
}

/** Throws when a customer of the provider's belongs to another of ours. */
export type ClaimCustomer = (providerId: string) => Promise<void>;

export interface ChargeRequest {
  /** of subscription, period and attempt: unique for ever, and found again by it */
  key: string;
  /** the provider's customer */
  customer: string;
  amountMinor: bigint;
  currency: string;
  /** what the customer reads */
  description: string;
  /** the intent of an earlier attempt at the same invoice */
  reference?: string | undefined;
  /** a saved method; the customer's default one unless said */
  method?: string | undefined;
  /** kept with the charge: customer, subscription and invoice by our ids */
  metadata: Readonly<Record<string, string>>;
}

/** A subscription that the provider has. */
export interface LivePurchase {
  id: string;
  /** the provider's word: `active`, `past_due` */
  status: string;
  /** the provider's ids of what is sold */
  prices: readonly string[];
}

/** A charge as the provider has it. */
export interface Charge {
  /** the provider's id of the intent, the same for every attempt */
  reference: string;
  /** of the attempt that made it */
  key: string | undefined;
  customer: string | undefined;
  amountMinor: bigint;
  /** what has come in */
  receivedMinor: bigint;
  refundedMinor: bigint;
  currency: string;
  createdAt: Date;
  metadata: Readonly<Record<string, string>>;
  outcome: ChargeOutcome;
}

export type ChargeOutcome =
  | { status: 'paid' }
  | Decline
  /** the customer must act (3-D Secure): at `url`, when the provider has a page for it */
  | { status: 'requires_action'; url: string | undefined }
  /** a bank debit on its way; asked again later */
  | { status: 'processing' }
  | { status: 'canceled' };

/** `soft` may go through another day (no money, bank busy); `hard` never will with this method (lost, expired, fraud). */
export interface Decline {
  status: 'declined';
  decline: 'soft' | 'hard';
  /** the provider's word: `insufficient_funds` */
  code: string;
  message: string;
}

export interface RefundRequest {
  /** unique for ever */
  key: string;
  /** of the charge */
  reference: string;
  /** the rest of the charge unless said */
  amountMinor?: bigint | undefined;
  metadata: Readonly<Record<string, string>>;
}

export interface Refund {
  reference: string;
  key: string | undefined;
  amountMinor: bigint;
  currency: string;
  createdAt: Date;
  /** `pending` is under way; `failed` means that the money stayed here */
  status: 'refunded' | 'pending' | 'failed';
}

export interface PaymentMethod {
  id: string;
  /** `card`, `sepa_debit` */
  kind: string;
  brand: string | undefined;
  last4: string | undefined;
  /** the first instant at which it has expired: the month after its last, UTC */
  expiresAt: Date | undefined;
  isDefault: boolean;
}
