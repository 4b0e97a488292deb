import { Option } from '@commander-js/extra-typings';

export const scopeOption = new Option(
  '--scope <scope>',
  'whether the limit is for the customer as a whole or for each member',
)
  .choices(['customer', 'member'])
  .default('customer');
