import { Option } from '@commander-js/extra-typings';
import { amount, duration, instant, integer, json } from '../readers.ts';

export const kindOption = new Option(
  '--kind <kind>',
  'what was used: llm, image, tts …, or a meter by its id',
).makeOptionMandatory();
export const quantityOption = new Option('--quantity <number>', 'how many of it')
  .argParser(amount({ min: 0 }))
  .default('1');
export const providerOption = new Option('--provider <provider>', 'whose model it is');
export const modelOption = new Option('--model <model>', 'which model');
export const inputTokensOption = new Option(
  '--input-tokens <number>',
  'with the cached ones, without those written to a cache',
).argParser(amount({ min: 0 }));
export const outputTokensOption = new Option('--output-tokens <number>', 'tokens of the answer').argParser(
  amount({ min: 0 }),
);
export const cachedTokensOption = new Option(
  '--cached-tokens <number>',
  'how many of the input were cached',
).argParser(amount({ min: 0 }));
export const unitsOption = new Option('--units <json>', 'other units: {"searches": 2}').argParser(json);
export const bytesOption = new Option('--bytes <number>', 'size of a file or of speech').argParser(
  amount({ min: 0 }),
);
export const charactersOption = new Option('--characters <number>', 'length of a text to speak').argParser(
  amount({ min: 0 }),
);
export const pagesOption = new Option('--pages <number>', 'pages that were read').argParser(
  amount({ min: 0 }),
);
export const secondsOption = new Option('--seconds <number>', 'length of audio or video').argParser(
  amount({ min: 0 }),
);
export const costOption = new Option(
  '--cost <amount>',
  'what it cost, where it is known; else the price list says',
).argParser(amount({ min: 0 }));
export const memberOption = new Option('--member <member>', 'which member of the group');
export const sessionOption = new Option('--session <id>', 'the conversation it belongs to');
export const statusOption = new Option(
  '--status <text>',
  'of the call: ok, or error: a failed call costs only what --cost says',
);
export const latencyMsOption = new Option('--latency-ms <number>', 'how long the call took').argParser(
  integer({ min: 0 }),
);
export const endpointOption = new Option('--endpoint <text>', 'what was called');
export const keyOption = new Option(
  '--key <key>',
  'names this use for ever: given again it is not counted again',
);
export const atOption = new Option(
  '--at <time>',
  'when it happened, up to 35 days ago; now unless said',
).argParser(instant);
export const alreadySpentOption = new Option(
  '--already-spent',
  'it has happened: record it beyond limits too, as overage',
).default(false);
export const partialOption = new Option('--partial', 'take as much as fits').default(false);
export const metadataOption = new Option('--metadata <json>', "anything of the application's own").argParser(
  json,
);
export const allOption = new Option('--all', 'show every limit, and every one that does not fit').default(
  false,
);
export const holdOption = new Option('--hold <time>', 'for how long: 90s, 15m, 2h, at most 7d (15m)')
  .argParser(duration)
  .default(900);
