/** Which kind of use it is. */
export const kindOption = {
  flag: '--kind',
  value: 'kind',
  required: true,
  about: 'what was used: llm, image, tts …, or a meter by its id',
} as const;

/** How much of what was used, by whom. */
export const amountOptions = [
  { flag: '--quantity', value: 'number', kind: 'amount', min: 0, default: '1', about: 'how many of it' },
  { flag: '--provider', value: 'provider', about: 'whose model it is' },
  { flag: '--model', value: 'model', about: 'which model' },
  {
    flag: '--input-tokens',
    value: 'number',
    kind: 'amount',
    min: 0,
    about: 'with the cached ones, without those written to a cache',
  },
  { flag: '--output-tokens', value: 'number', kind: 'amount', min: 0, about: 'tokens of the answer' },
  {
    flag: '--cached-tokens',
    value: 'number',
    kind: 'amount',
    min: 0,
    about: 'how many of the input were cached',
  },
  { flag: '--units', value: 'json', kind: 'json', about: 'other units: {"searches": 2}' },
  { flag: '--bytes', value: 'number', kind: 'amount', min: 0, about: 'size of a file or of speech' },
  { flag: '--characters', value: 'number', kind: 'amount', min: 0, about: 'length of a text to speak' },
  { flag: '--pages', value: 'number', kind: 'amount', min: 0, about: 'pages that were read' },
  { flag: '--seconds', value: 'number', kind: 'amount', min: 0, about: 'length of audio or video' },
  {
    flag: '--cost',
    value: 'amount',
    kind: 'amount',
    min: 0,
    about: 'what it cost, where it is known; else the price list says',
  },
  { flag: '--member', value: 'member', about: 'which member of the group' },
  { flag: '--session', value: 'id', about: 'the conversation it belongs to' },
] as const;

/** What the call came to, and how it is to be recorded. */
export const callOptions = [
  {
    flag: '--status',
    value: 'text',
    about: 'of the call: ok, or error: a failed call costs only what --cost says',
  },
  { flag: '--latency-ms', value: 'number', kind: 'integer', min: 0, about: 'how long the call took' },
  { flag: '--endpoint', value: 'text', about: 'what was called' },
  { flag: '--key', value: 'key', about: 'names this use for ever: given again it is not counted again' },
  {
    flag: '--at',
    value: 'time',
    kind: 'instant',
    about: 'when it happened, up to 35 days ago; now unless said',
  },
  { flag: '--already-spent', about: 'it has happened: record it beyond limits too, as overage' },
  { flag: '--partial', about: 'take as much as fits' },
  { flag: '--metadata', value: 'json', kind: 'json', about: "anything of the application's own" },
] as const;

export const allOption = {
  flag: '--all',
  about: 'show every limit, and every one that does not fit',
} as const;
