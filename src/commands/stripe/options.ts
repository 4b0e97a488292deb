import { Option } from '@commander-js/extra-typings';

export const returnUrlOption = new Option(
  '--return-url <url>',
  'return URL for the customer (default: STRIPE_RETURN_URL)',
);
