import { Option } from '@commander-js/extra-typings';
import { text, timezone } from '../readers.ts';

export const nameOption = new Option('--name <name>', 'display name');
export const emailOption = new Option('--email <address>', 'email address for notifications');
export const timezoneOption = new Option(
  '--timezone <zone>',
  'IANA time zone (default: the timezone setting)',
).argParser(timezone);
export const currencyOption = new Option('--currency <code>', 'currency of prices, such as EUR');
export const metadataOption = new Option('--metadata <json>', 'JSON object of the application').argParser(
  text({ max: 65_536 }),
);
