/** Whether a key of Stripe's moves real money. Without a key it does, so that nothing of the test mode is taken for real. */
export function isLiveKey(key: string | undefined): boolean {
  return !/^(?:sk|rk)_test_/.test(key ?? '');
}
