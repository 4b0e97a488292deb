import { Option } from '@commander-js/extra-typings';
import { integer, many, text } from '../readers.ts';

export const nameOption = new Option('--name <text>', 'display name').argParser(text({ max: 500 }));
export const descriptionOption = new Option('--description <text>', 'short description, or none');
export const rankOption = new Option(
  '--rank <number>',
  'rank among plans, 0 is the lowest, or none; decides what is an upgrade',
);
export const priceOption = new Option(
  '--price <every=amount>',
  'price per interval: 1mo=39.00, 1y=390.00EUR, 1mo=complimentary',
)
  .argParser(many(text()))
  .default([] as string[]);
export const stripePriceOption = new Option(
  '--stripe-price <every=id>',
  'Stripe price id for a --price: 1mo=price_1Abc',
)
  .argParser(many(text()))
  .default([] as string[]);
export const limitOption = new Option(
  '--limit <meter/window=number>',
  'messages/day=20, =unlimited, =0 (disabled), =20:soft, =20:overage:0.01/1; messages/day/member=5',
)
  .argParser(many(text()))
  .default([] as string[]);
export const creditsOption = new Option(
  '--credits <number>',
  'credits per period: 100, 100/1mo, unlimited or none',
);
export const rolloverMaxOption = new Option(
  '--rollover-max <number>',
  'maximum unused credits carried over to the next period, or none',
);
export const featureOption = new Option(
  '--feature <name=value>',
  'a feature: sso, projects=10, projects=unlimited, support=email, api=false',
)
  .argParser(many(text()))
  .default([] as string[]);
export const allowModelOption = new Option(
  '--allow-model <pattern>',
  'model that the plan allows, such as gemini/*; any for all',
)
  .argParser(many(text()))
  .default([] as string[]);
export const maxUsersOption = new Option(
  '--max-users <number>',
  'maximum number of seats of a group, or none',
);
export const perSeatOption = new Option(
  '--per-seat <word>',
  'whether price and credits are per seat',
).choices(['yes', 'no']);
export const trialDaysOption = new Option('--trial-days <days>', 'length of the trial in days').argParser(
  integer(),
);
export const graceDaysOption = new Option(
  '--grace-days <days>',
  'days of access after an unpaid period (default: 7)',
).argParser(integer());
export const netDaysOption = new Option(
  '--net-days <days>',
  'days to pay an invoice (default: 14)',
).argParser(integer());
export const autoRenewOption = new Option(
  '--auto-renew <word>',
  'whether new subscriptions renew automatically',
).choices(['yes', 'no']);
export const usageOnChangeOption = new Option(
  '--usage-on-change <word>',
  'what happens to usage on a change to this plan',
).choices(['reset', 'carry']);
export const prorationMeterOption = new Option(
  '--proration-meter <meter>',
  'meter for proration by usage, or none',
);
export const alertAtOption = new Option(
  '--alert-at <percents>',
  'alert thresholds in percent: 80,90,100, or none',
);
export const defaultOption = new Option(
  '--default',
  'make it the plan of customers without a subscription',
).default(false);
export const fallbackOption = new Option(
  '--fallback <plan:id>',
  'plan after a subscription ends: plan:<id>, default or none',
);
export const presetOption = new Option('--preset <name>', 'catalogue to use from a file with several');
