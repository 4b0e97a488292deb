import { Option } from '@commander-js/extra-typings';

export const scopeOption = new Option('--scope <scope>', 'the customer as a whole, or each member')
  .choices(['customer', 'member'])
  .default('customer');
