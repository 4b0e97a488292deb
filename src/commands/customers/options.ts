import { Option } from '@commander-js/extra-typings';
import { text, timezone } from '../readers.ts';

export const nameOption = new Option('--name <name>', 'for people');
export const emailOption = new Option('--email <address>', 'where notices go');
export const timezoneOption = new Option(
  '--timezone <zone>',
  'IANA name; that of the settings unless said',
).argParser(timezone);
export const currencyOption = new Option(
  '--currency <code>',
  'three letters such as EUR: the currency of prices',
);
export const metadataOption = new Option(
  '--metadata <json>',
  "a JSON object of the application's own",
).argParser(text({ max: 65_536 }));
