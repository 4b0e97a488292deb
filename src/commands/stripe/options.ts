import { Option } from '@commander-js/extra-typings';

export const returnUrlOption = new Option(
  '--return-url <url>',
  'where the customer comes back to; STRIPE_RETURN_URL unless said',
);
