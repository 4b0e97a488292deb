import type { Context } from '../context.ts';

/**
 * Loads modules that requests, webhooks and the shutdown need later. An update can replace the files of the program while the server runs:
 * a later import would fail, or load files of another build.
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
