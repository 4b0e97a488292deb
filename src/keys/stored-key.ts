import type { Place, SealedKey } from './seal.ts';
import type { TestResult } from './test-results.ts';

/** What is known of a stored key: all but its ciphertext. */
export interface KeyFacts extends Place {
  /** the id of the master key that it is encrypted with */
  masterKey: string;
  ending: string;
  setAt: Date;
  expiresAt: Date | null;
  testedAt: Date | null;
  testResult: TestResult | null;
  testStatus: number | null;
  setBy: string | null;
}

export type StoredKey = KeyFacts & SealedKey;
