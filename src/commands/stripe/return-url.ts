import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';

/** Where customers come back to from Stripe: what was said, else the setting. @throws Failure config without, usage for no https address */
export async function returnUrlOf(context: Context, said: string | undefined): Promise<string> {
  const url = said ?? (await context.settings()).stripe.returnUrl;
  if (url === undefined) {
    throw new Failure('config', 'There is no URL for customers to return to from Stripe', {
      hint: 'set STRIPE_RETURN_URL, or give --return-url https://…',
    });
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Failure('usage', `The address '${url}' is no web address`, { hint: 'Give https://…' });
  return url;
}
