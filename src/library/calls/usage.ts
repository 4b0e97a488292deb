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
  const usage = told.reduce<Fields>((all, each) => ({ ...all, ...onlySaid(flat(each)) }), so.usage);
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

/** Details are told apart by the names of what they are of. */
function flat(usage: Fields): Fields {
  const details = [
    'prompt_tokens_details',
    'input_tokens_details',
    'server_tool_use',
    'tokens',
    'billed_units',
  ];
  return details.reduce<Fields>(
    (all, name) => ({ ...all, ...(isFields(usage[name]) ? onlySaid(usage[name]) : {}) }),
    { ...onlySaid(usage) },
  );
}

/**
 * The amounts as the books have them (DESIGN §7): input tokens include cached ones, and tokens written to a cache are apart. Undefined
 * where the answer says nothing.
 */
export function amountsOf({ usage }: Gathered): (Amounts & { outputTokens?: number }) | undefined {
  const count = (...names: string[]) =>
    names.map((name) => usage[name]).find((value) => typeof value === 'number' && value >= 0) as
      number | undefined;
  const sum = (...values: (number | undefined)[]) =>
    values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const pages = count('pages_processed');
  if (pages !== undefined) return { quantity: pages, units: { pages } };
  const gemini = count('promptTokenCount', 'candidatesTokenCount', 'totalTokenCount') !== undefined;
  const prompt = gemini
    ? sum(count('promptTokenCount'), count('toolUsePromptTokenCount'))
    : count('prompt_tokens', 'input_tokens');
  const output = gemini
    ? sum(count('candidatesTokenCount'), count('thoughtsTokenCount'))
    : count('completion_tokens', 'output_tokens');
  if (prompt === undefined && output === undefined) return undefined;
  const apart = count('cache_read_input_tokens');
  const cached = count('cachedContentTokenCount', 'cached_tokens', 'prompt_cache_hit_tokens') ?? apart;
  const written = count('cache_creation_input_tokens');
  const searches = count('web_search_requests');
  const units = { ...(written ? { cache_write_tokens: written } : {}), ...(searches ? { searches } : {}) };
  return {
    inputTokens: sum(prompt, apart),
    outputTokens: output ?? 0,
    ...(cached ? { cachedTokens: Math.min(cached, sum(prompt, apart)) } : {}),
    ...(Object.keys(units).length > 0 ? { units } : {}),
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
