import type { Context } from '../context.ts';

/**
 * Loads now what a request, a webhook or the end may ask for later. An update replaces the files of the program while it serves: what was loaded
 * then would not be found, or be another build's.
 */
export async function loadAhead(context: Context): Promise<void> {
  await Promise.all([
    context.services(),
    import('../../payments/stripe.ts'),
    import('../../payments/stripe-account.ts'),
    import('../../database/embedded/start.ts'),
    import('../report-failure.ts'),
    import('node:tls'),
  ]);
}
