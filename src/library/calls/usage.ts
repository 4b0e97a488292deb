import type { Amounts } from '../use.ts';

type Fields = Record<string, unknown>;

/**
 * What answers say of their usage, gathered from one body or from the events of a stream, whoever's interface it is: fields are known
 * by their names. A later value of a field is the whole so far and takes the place of the earlier one.
 */
export interface Gathered {
  usage: Fields;
  /** characters of what was written, where nobody counts tokens */
  letters: number;
  /** pictures that came */
  images: number;
  /** as the answer names it */
  model: string | undefined;
}

export const nothingYet = (): Gathered => ({ usage: {}, letters: 0, images: 0, model: undefined });

/** Adds what one body or one event says. */
export function gather(so: Gathered, said: unknown): Gathered {
  if (Array.isArray(said)) return said.reduce<Gathered>(gather, so);
  if (!isFields(said)) return so;
  const inner = [said['response'], said['message'], said['x_groq'], said['delta'], said].filter(isFields);
  const told = inner
    .flatMap((each) => [each['usage'], each['usageMetadata'], each['usage_info'], each['meta']])
    .filter(isFields);
  const usage = [...told.map(flat), ...inner.map(searchesIn)].reduce<Fields>(
    (all, each) => ({ ...all, ...each }),
    so.usage,
  );
  const model = [said['model'], said['modelVersion'], ...inner.map((each) => each['model'])].find(
    (each) => typeof each === 'string',
  );
  return {
    usage,
    letters: so.letters + writtenIn(said),
    images: so.images + picturesIn(said),
    model: so.model ?? (model as string | undefined),
  };
}

/** Details whose fields have names of their own, in any interface. */
const details = [
  ...['prompt_tokens_details', 'input_tokens_details', 'input_token_details'],
  ...['server_tool_use', 'cache_creation', 'tokens', 'billed_units'],
];

/** What is in a part of the usage that says of which sort its tokens are. */
const sorted: readonly [part: string, names: readonly string[]][] = [
  ['input', ['prompt_tokens_details', 'input_tokens_details', 'input_token_details']],
  ['output', ['completion_tokens_details', 'output_tokens_details', 'output_token_details']],
  ['cached', ['cached_tokens_details']],
];
/** The same of Gemini: lists with an entry for each sort. */
const modal: readonly [part: string, names: readonly string[]][] = [
  ['input', ['promptTokensDetails', 'toolUsePromptTokensDetails']],
  ['output', ['candidatesTokensDetails']],
  ['cached', ['cacheTokensDetails']],
];
const sortOf: Record<string, string> = { AUDIO: 'audio', IMAGE: 'image', DOCUMENT: 'image', VIDEO: 'video' };

/** The fields of a usage and of its details, by name; sorts of tokens as `input audio`, `output image`, `cached audio`. */
function flat(usage: Fields): Fields {
  const inner = details.map((name) => usage[name]).filter(isFields);
  const all: Fields = Object.assign({}, ...[usage, ...inner].map((each) => onlySaid(each))) as Fields;
  const add = (part: string, sort: string | undefined, amount: unknown) => {
    if (sort === undefined || typeof amount !== 'number') return;
    const name = `${part} ${sort}`;
    const before = all[name];
    all[name] = (typeof before === 'number' ? before : 0) + amount;
  };
  for (const [part, names] of sorted)
    for (const given of names.map((name) => usage[name] ?? all[name]).filter(isFields))
      for (const sort of ['audio', 'image', 'video', 'reasoning']) add(part, sort, given[`${sort}_tokens`]);
  for (const [part, names] of modal)
    for (const entry of names.flatMap((name) => usage[name]).filter(isFields))
      add(part, sortOf[String(entry['modality'])], entry['tokenCount']);
  return all;
}

/** Searches that an answer of OpenAI lists among what it did; it does not count them in its usage. */
function searchesIn({ output }: Fields): Fields {
  if (!Array.isArray(output)) return {};
  const calls = output
    .filter(isFields)
    .map(({ type, action }) => ({ type, did: isFields(action) && action['type'] }));
  const count = (wanted: string) => calls.filter(({ type }) => type === wanted).length;
  const opened = calls.filter(
    ({ type, did }) => type === 'web_search_call' && (did === 'open_page' || did === 'find_in_page'),
  );
  return {
    web_search_calls: count('web_search_call') - opened.length,
    file_search_calls: count('file_search_call'),
  };
}

/** Gives the first amount of 0 or more that stands under one of the names. */
type Counter = (...names: string[]) => number | undefined;

const counterOf =
  (usage: Fields): Counter =>
  (...names) =>
    names.map((name) => usage[name]).find((value) => typeof value === 'number' && value >= 0) as
      number | undefined;

const sum = (...values: (number | undefined)[]): number =>
  values.reduce<number>((all, value) => all + (value ?? 0), 0);

/** Tokens of the prompt and of the answer; Gemini counts those of tools and thoughts apart. */
function promptAndAnswer(count: Counter): { prompt: number | undefined; answer: number | undefined } {
  if (count('promptTokenCount', 'candidatesTokenCount', 'totalTokenCount') !== undefined)
    return {
      prompt: sum(count('promptTokenCount'), count('toolUsePromptTokenCount')),
      answer: sum(count('candidatesTokenCount'), count('thoughtsTokenCount')),
    };
  return {
    prompt: count('prompt_tokens', 'input_tokens', 'inputTokens'),
    answer: count('completion_tokens', 'output_tokens', 'outputTokens'),
  };
}

/**
 * The amounts as the books have them (DESIGN §7): input tokens include cached ones, tokens written to a cache are apart, and tokens and
 * calls of other prices are units by name. Undefined where the answer says nothing.
 */
export function amountsOf({ usage }: Gathered): (Amounts & { outputTokens?: number }) | undefined {
  const count = counterOf(usage);
  const pages = count('pages_processed');
  if (pages !== undefined) return { quantity: pages, units: { pages } };
  const { prompt, answer } = promptAndAnswer(count);
  const seconds = usage['type'] === 'duration' ? count('seconds') : undefined;
  if (seconds !== undefined) return { units: { seconds } };
  if (prompt === undefined && answer === undefined) return undefined;
  // beside the answer: Perplexity and xAI count them apart, the others in it
  const thought = count('reasoning_tokens');
  const cited = count('citation_tokens');
  const apart = count('output reasoning');
  const isApart = apart !== undefined && count('total_tokens') === sum(prompt, answer, apart);
  const output = sum(answer, thought, cited, isApart ? apart : 0);

  const read = count('cache_read_input_tokens', 'cacheReadInputTokens');
  const cached = count('cachedContentTokenCount', 'cached_tokens', 'prompt_cache_hit_tokens') ?? read;
  const hour = count('ephemeral_1h_input_tokens') ?? 0;
  const written =
    count('cache_creation_input_tokens', 'cacheWriteInputTokens') ??
    sum(count('ephemeral_5m_input_tokens'), hour);
  const within = count('cache_write_tokens') ?? 0; // OpenAI counts what is written in the prompt
  const input = Math.max(sum(prompt, read) - within, 0);
  const units = {
    cache_write_tokens: Math.max(written - hour, 0) + within,
    cache_write_1h_tokens: hour,
    audio_input_tokens: count('input audio'),
    image_input_tokens: count('input image'),
    video_input_tokens: count('input video'),
    cached_audio_input_tokens: count('cached audio'),
    cached_image_input_tokens: count('cached image'),
    audio_output_tokens: count('output audio'),
    image_output_tokens: count('output image'),
    video_output_tokens: count('output video'),
    reasoning_output_tokens: thought,
    citation_output_tokens: cited,
    searches: count('web_search_requests', 'num_search_queries', 'web_search_calls'),
    file_searches: count('file_search_calls'),
  };
  const used = Object.fromEntries(Object.entries(units).filter(([, amount]) => amount)) as Record<
    string,
    number
  >;
  return {
    inputTokens: input,
    outputTokens: output,
    ...(cached ? { cachedTokens: Math.min(cached, input) } : {}),
    ...(Object.keys(used).length > 0 ? { units: used } : {}),
  };
}

const texts = new Set([
  'content',
  'text',
  'partial_json',
  'arguments',
  'thinking',
  'reasoning',
  'reasoning_content',
  'delta',
  'output_text',
]);

/** Characters that a model has written, wherever an interface puts them. */
function writtenIn(value: unknown, name = ''): number {
  if (typeof value === 'string') return texts.has(name) ? value.length : 0;
  if (Array.isArray(value)) return value.reduce<number>((all, each) => all + writtenIn(each, name), 0);
  if (!isFields(value)) return 0;
  return Object.entries(value).reduce((all, [key, each]) => all + writtenIn(each, key), 0);
}

/** Pictures of an answer: `data` of OpenAI, `artifacts` of Stability. */
function picturesIn(said: Fields): number {
  const list = [said['data'], said['artifacts']].find(Array.isArray) ?? [];
  return list.filter((each) => isFields(each) && ['b64_json', 'url', 'base64'].some((key) => key in each))
    .length;
}

function onlySaid(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
