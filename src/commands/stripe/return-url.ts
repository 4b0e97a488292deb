import { Failure } from '../../domain/failure.ts';
import type { Context } from '../context.ts';

/** Returns the URL for customers to return to: the option, else the setting. @throws Failure config if missing, usage if it is not a web address */
export async function returnUrlOf(context: Context, said: string | undefined): Promise<string> {
  const url = said ?? (await context.settings()).stripe.returnUrl;
  if (url === undefined) {
    throw new Failure('config', 'There is no return URL for customers', {
      hint: 'set STRIPE_RETURN_URL, or give --return-url https://…',
    });
  }
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Failure('usage', `The return URL '${url}' is not a web address`, { hint: 'Give https://…' });
  return url;
}
