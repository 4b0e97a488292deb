import type { providerKeys } from '../database/schema/provider-keys.ts';
import type { Place, SealedKey } from './seal.ts';
import type { TestResult } from './test-results.ts';

/** What is known of a stored key: all but its ciphertext. */
export interface KeyFacts
  extends
    Place,
    Pick<
      typeof providerKeys.$inferSelect,
      'masterKey' | 'ending' | 'setAt' | 'expiresAt' | 'testedAt' | 'testStatus'
    > {
  testResult: TestResult | null;
  setBy: string | null;
}

export type StoredKey = KeyFacts & SealedKey;
