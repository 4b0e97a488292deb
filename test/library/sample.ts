import type { Amounts } from '../../src/library/subctl.ts';

/** A call as a provider's documentation shows it, and what the books should have of it. */
export interface Sample {
  name: string;
  url: string;
  body: unknown;
  provider: string;
  kind: string;
  model?: string;
  /** the JSON answer, or the events of a stream */
  answer?: unknown;
  events?: unknown[];
  amounts: Amounts;
  /** in the catalogue of prices: its id there and the interface */
  known?: [id: string, flavour: string];
}
