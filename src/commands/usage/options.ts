import { Option } from '@commander-js/extra-typings';
import { amount, duration, instant, integer, json } from '../readers.ts';

export const kindOption = new Option(
  '--kind <kind>',
  'kind of usage: llm, image, tts …, or a meter id',
).makeOptionMandatory();
export const quantityOption = new Option('--quantity <number>', 'quantity')
  .argParser(amount({ min: 0 }))
  .default('1');
export const providerOption = new Option('--provider <provider>', 'provider of the model');
export const modelOption = new Option('--model <model>', 'model');
export const inputTokensOption = new Option(
  '--input-tokens <number>',
  'prompt tokens, including cached tokens, excluding tokens written to a cache',
).argParser(amount({ min: 0 }));
export const outputTokensOption = new Option('--output-tokens <number>', 'completion tokens').argParser(
  amount({ min: 0 }),
);
export const cachedTokensOption = new Option(
  '--cached-tokens <number>',
  'input tokens read from a cache',
).argParser(amount({ min: 0 }));
export const unitsOption = new Option('--units <json>', 'other units: {"searches": 2}').argParser(json);
export const bytesOption = new Option('--bytes <number>', 'size of a file or of speech').argParser(
  amount({ min: 0 }),
);
export const charactersOption = new Option('--characters <number>', 'length of a text for speech').argParser(
  amount({ min: 0 }),
);
export const pagesOption = new Option('--pages <number>', 'number of pages read').argParser(
  amount({ min: 0 }),
);
export const secondsOption = new Option('--seconds <number>', 'length of audio or video').argParser(
  amount({ min: 0 }),
);
export const costOption = new Option(
  '--cost <amount>',
  'actual cost, if known (default: from the price list)',
).argParser(amount({ min: 0 }));
export const memberOption = new Option('--member <member>', 'member of the group');
export const sessionOption = new Option('--session <id>', 'session or conversation id');
export const statusOption = new Option(
  '--status <text>',
  'ok or error; a failed call costs only the given --cost',
);
export const latencyMsOption = new Option('--latency-ms <number>', 'duration of the call').argParser(
  integer({ min: 0 }),
);
export const endpointOption = new Option('--endpoint <text>', 'endpoint of the call');
export const keyOption = new Option('--key <key>', 'idempotency key: an event with the same key counts once');
export const atOption = new Option(
  '--at <time>',
  'time of the event, up to 35 days ago (default: now)',
).argParser(instant);
export const alreadySpentOption = new Option(
  '--already-spent',
  'already happened: record it even beyond limits, as overage',
).default(false);
export const partialOption = new Option('--partial', 'record as much as fits').default(false);
export const metadataOption = new Option('--metadata <json>', 'application data').argParser(json);
export const allOption = new Option('--all', 'show every limit, and all that refuse').default(false);
export const holdOption = new Option(
  '--hold <time>',
  'time before the reservation expires: 90s, 15m, 2h, at most 7d',
)
  .argParser(duration)
  .default(900);
