import { Option } from '@commander-js/extra-typings';
import { integer, many, text } from '../readers.ts';

export const nameOption = new Option('--name <text>', 'name for people').argParser(text({ max: 500 }));
export const descriptionOption = new Option('--description <text>', 'a sentence about it, or none');
export const rankOption = new Option(
  '--rank <number>',
  'place in the ladder, 0 the lowest, or none: decides what is an upgrade',
);
export const priceOption = new Option(
  '--price <every=amount>',
  '1mo=39.00, 1y=390.00EUR, or 1mo=complimentary',
)
  .argParser(many(text()))
  .default([] as string[]);
export const stripePriceOption = new Option(
  '--stripe-price <every=id>',
  'the Stripe price of a --price: 1mo=price_1Abc',
)
  .argParser(many(text()))
  .default([] as string[]);
export const limitOption = new Option(
  '--limit <meter/window=number>',
  'messages/day=20, =unlimited, =0 (disabled), =20:soft, =20:overage:0.01/1; messages/day/member=5',
)
  .argParser(many(text()))
  .default([] as string[]);
export const creditsOption = new Option('--credits <number>', 'per period: 100, 100/1mo, unlimited or none');
export const rolloverMaxOption = new Option(
  '--rollover-max <number>',
  'unused credits that stay for the next period, at most, or none',
);
export const featureOption = new Option(
  '--feature <name=value>',
  'a feature that it has: sso, projects=10, =unlimited, support=email, api=false',
)
  .argParser(many(text()))
  .default([] as string[]);
export const allowModelOption = new Option(
  '--allow-model <pattern>',
  'models that it allows, such as gemini/*; any for all',
)
  .argParser(many(text()))
  .default([] as string[]);
export const maxUsersOption = new Option('--max-users <number>', 'seats of a group at most, or none');
export const perSeatOption = new Option(
  '--per-seat <word>',
  'whether price and credits are of one seat, of which a subscription has so many',
).choices(['yes', 'no']);
export const trialDaysOption = new Option('--trial-days <days>', 'days of trial').argParser(integer());
export const graceDaysOption = new Option(
  '--grace-days <days>',
  'days of access after an unpaid period (7)',
).argParser(integer());
export const netDaysOption = new Option('--net-days <days>', 'days to pay an invoice (14)').argParser(
  integer(),
);
export const autoRenewOption = new Option('--auto-renew <word>', 'whether new subscriptions renew').choices([
  'yes',
  'no',
]);
export const usageOnChangeOption = new Option(
  '--usage-on-change <word>',
  'what a change to this plan does with usage',
).choices(['reset', 'carry']);
export const prorationMeterOption = new Option(
  '--proration-meter <meter>',
  'the meter that a refund by usage looks at, or none',
);
export const alertAtOption = new Option('--alert-at <percents>', 'when to alert: 80,90,100, or none');
export const defaultOption = new Option('--default', 'give it to those who have no subscription').default(
  false,
);
export const fallbackOption = new Option(
  '--fallback <plan:id>',
  'what follows when a subscription ends: plan:<id>, default or none',
);
export const presetOption = new Option('--preset <name>', 'which catalogue of a file that has several');
