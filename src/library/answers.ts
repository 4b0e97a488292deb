import type { Entitlement } from '../subscriptions/entitlements.ts';
import type { Reserved } from '../usage/reserve.ts';
import type { Answer } from '../usage/use.ts';
import type { SqlClient } from './options.ts';
import type { Amounts, Use } from './use.ts';

/** What every call may be told. */
export interface Call {
  /** the business's now; the database's clock unless said */
  asOf?: Date | undefined;
  /** a transaction of the application's (postgres.js): what is written stands or falls with it */
  sql?: SqlClient | undefined;
}

/** Who fetches a key. */
export interface KeyCall extends Pick<Call, 'asOf'> {
  /** `subctl tokens create NAME --scope keys` */
  token: string;
}

/** The API key of a provider. Printed or made JSON it has no value. */
export interface ProviderKey {
  name: string;
  provider: string;
  readonly value: string;
  /** where to use it, when it is not the provider's usual address */
  base_url: string | null;
  expires_at: Date | null;
}

/** A use that is held before it happens. */
export type Hold = Omit<Use, 'at' | 'status' | 'latencyMs' | 'alreadySpent'> & {
  /** how long, 900 unless said */
  holdSeconds?: number | undefined;
};

/** An answer to what was recorded. */
export interface Recorded extends Answer {
  /** the database was away: the use is kept on this host and recorded later, and no limit was looked at (`fail-open`) */
  spooled?: true;
}

/** An answer to what was asked before it happens. */
export interface Checked extends Answer {
  /** the database was away, and what cannot be checked is allowed (`fail-open`) */
  unchecked?: true;
}

/** What a call turned out to be; what is not given is what was held. */
export type Happened = Amounts & Pick<Use, 'status' | 'latencyMs' | 'endpoint' | 'metadata'>;

/** What a customer has of a feature. */
export interface HasFeature extends Entitlement {
  customer: string;
  feature: string;
  plan: string | null;
  status: string;
}

/** A use that is held while a call runs. */
export interface Held {
  /** whether the call may be made, and why not */
  answer: Reserved & Checked;
  /** Records what happened, once; beyond a limit as overage. What cannot be recorded now is kept in the spool, where there is one. */
  settle(happened?: Happened): Promise<Recorded>;
  /** Lets go: the call was not made. While the database is away nothing is done: a hold ends by itself. */
  release(): Promise<void>;
}

/** The true amounts of what was held; what is not given is what was reserved. */
export type Settled = Happened & Pick<Use, 'key'> & { customer: string; reservation: string };

/** A use of a list; the customer is that of the list. */
export type Planned = Pick<Use, 'kind' | 'member' | 'session' | 'endpoint' | 'metadata'> & Amounts;

export interface Plans {
  customer: string;
  uses: readonly Planned[];
  /** hold them all for so long; without it nothing is written */
  holdSeconds?: number | undefined;
  key?: string | undefined;
}
