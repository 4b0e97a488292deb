/**
 * The interface to a payment provider; `stripe.ts` implements it. Amounts are whole minor units of the currency as the provider counts
 * them (see minor-units.ts), never floats. Currencies are ISO codes in capitals.
 *
 * Every method throws Failure: `unavailable` when the provider could not be reached, was too busy or failed (the request may or may not
 * have been carried out: look it up before asking again), `config` for a wrong key or missing permissions, `refused` for a request that it
 * does not accept, `not_found` for an unknown object, `conflict` for a key that was used for another request. A decline is an outcome, not
 * a Failure.
 */
export interface Gateway {
  /** `stripe`: the provider in the rows of payments */
  readonly provider: string;
  /** real money, or the provider's test mode */
  readonly live: boolean;

  /**
   * Creates the provider's customer, or finds the one that was created for this customer, and returns its id. The names are kept up to
   * date. Before a found one is changed, `claim` is called; it throws where that one belongs to another customer.
   */
  ensureCustomer(customer: PayingCustomer, claim?: ClaimCustomer): Promise<string>;

  /**
   * Closes the provider's pages on which a provider's customer could still subscribe, and returns the subscriptions that live there. Ask
   * before a charge, so that no customer pays both here and there.
   */
  closePurchases(customer: string): Promise<LivePurchase[]>;

  /**
   * Charges one invoice on the saved method at once, without the customer. One intent per invoice: a later attempt names the earlier
   * attempt's intent in `reference`, which is retried. Asking twice with one key charges once.
   */
  charge(charge: ChargeRequest): Promise<Charge>;

  /** Finds the charge of a key, paid or not; undefined when there is none. Ask before resuming an intended charge. */
  findCharge(ask: { customer: string; key: string; since: Date }): Promise<Charge | undefined>;

  /** Reads the present state of a charge, by its reference. */
  getCharge(reference: string): Promise<Charge>;

  /** Cancels a charge that is not complete, permanently. One that was paid meanwhile is returned as `paid`. */
  cancelCharge(reference: string): Promise<Charge>;

  /** Refunds a charge, in full or in part. Asking twice with one key refunds once. */
  refund(refund: RefundRequest): Promise<Refund>;

  /** Lists the refunds of a charge, oldest first. */
  listRefunds(reference: string): Promise<Refund[]>;

  /** Lists the saved payment methods of a provider's customer, the default one first. */
  listMethods(customer: string): Promise<PaymentMethod[]>;
}

/** A customer who pays; `id` is the application's. */
export interface PayingCustomer {
  id: string;
  /** the provider's id, when it is known */
  providerId?: string | undefined;
  email?: string | undefined;
  name?: string | undefined;
  /** when it was created here; the provider's customer is not older, unless it was linked by hand */
  since?: Date | undefined;
}

/** throws when a provider's customer belongs to another customer here */
export type ClaimCustomer = (providerId: string) => Promise<void>;

export interface ChargeRequest {
  /** names subscription, period and attempt: permanently unique, and the charge is found by it */
  key: string;
  /** the provider's customer */
  customer: string;
  amountMinor: bigint;
  currency: string;
  /** the text that the customer reads */
  description: string;
  /** the intent of an earlier attempt for the same invoice */
  reference?: string | undefined;
  /** a saved method; the customer's default one if absent */
  method?: string | undefined;
  /** stored with the charge: our ids of customer, subscription and invoice */
  metadata: Readonly<Record<string, string>>;
}

/** A subscription at the provider. */
export interface LivePurchase {
  id: string;
  /** the provider's status: `active`, `past_due` */
  status: string;
  /** the provider's ids of the products */
  prices: readonly string[];
}

/** A charge at the provider. */
export interface Charge {
  /** the provider's id of the intent, the same for every attempt */
  reference: string;
  /** of the attempt that made it */
  key: string | undefined;
  customer: string | undefined;
  amountMinor: bigint;
  /** the amount received */
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
  /** a bank debit that is processing; ask again later */
  | { status: 'processing' }
  | { status: 'canceled' };

/** `soft` may succeed on another day (no money, bank busy); `hard` never succeeds with this method (lost, expired, fraud). */
export interface Decline {
  status: 'declined';
  decline: 'soft' | 'hard';
  /** the provider's code: `insufficient_funds` */
  code: string;
  message: string;
}

export interface RefundRequest {
  /** permanently unique */
  key: string;
  /** of the charge */
  reference: string;
  /** the rest of the charge by default */
  amountMinor?: bigint | undefined;
  metadata: Readonly<Record<string, string>>;
}

export interface Refund {
  reference: string;
  key: string | undefined;
  amountMinor: bigint;
  currency: string;
  createdAt: Date;
  /** `pending` is processing; after `failed` no money has moved */
  status: 'refunded' | 'pending' | 'failed';
}

export interface PaymentMethod {
  id: string;
  /** `card`, `sepa_debit` */
  kind: string;
  brand: string | undefined;
  last4: string | undefined;
  /** the first instant at which it is expired: the start of the month after its last, UTC */
  expiresAt: Date | undefined;
  isDefault: boolean;
}
