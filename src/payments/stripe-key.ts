/** Whether a Stripe key moves real money. True without a key, so that nothing of the test mode is mistaken for real. */
export function isLiveKey(key: string | undefined): boolean {
  return !/^(?:sk|rk)_test_/.test(key ?? '');
}
