/** How a test of a key may end. */
export const testResults = [
  'ok',
  'rejected',
  'forbidden',
  'rate_limited',
  'provider_error',
  'unreachable',
  'unexpected',
] as const;
export type TestResult = (typeof testResults)[number];
