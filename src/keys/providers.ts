/** A provider whose keys can be stored and tested. */
export interface Provider {
  /** as price lists and events name it */
  id: string;
  name: string;
  /** the variables that its own client libraries read, the usual one first */
  variables: readonly [string, ...string[]];
  /** it answers with language: one of these counts as `ai` where that is required */
  isAi: boolean;
  baseUrl: string;
  test: TestCall;
}

/** The cheapest call that needs the key: it reads and costs nothing. */
interface TestCall {
  /** after the base URL */
  path: string;
  headers: (key: string) => Record<string, string>;
  /** statuses by which it refuses the key itself; 401 unless said */
  rejects?: readonly number[];
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/**
 * The providers, each with the call of its own reference:
 * openai https://platform.openai.com/docs/api-reference/models/list · anthropic https://docs.anthropic.com/en/api/models-list ·
 * gemini https://ai.google.dev/api/models (a key that is none is answered 400) · mistral https://docs.mistral.ai/api ·
 * fal https://docs.fal.ai/platform-apis/v1/models/pricing (the list of models asks for no key) ·
 * deepseek https://api-docs.deepseek.com/api/list-models · groq https://console.groq.com/docs/api-reference ·
 * xai https://docs.x.ai/docs/api-reference · cohere https://docs.cohere.com/reference/list-models ·
 * openrouter https://openrouter.ai/docs/api-reference/limits (its list of models asks for no key) ·
 * together https://docs.together.ai/reference/models-1 · cerebras https://inference-docs.cerebras.ai/api-reference/models ·
 * moonshotai https://platform.moonshot.ai/docs/api/misc · huggingface https://huggingface.co/docs/hub/api ·
 * replicate https://replicate.com/docs/reference/http · stability https://platform.stability.ai/docs/api-reference ·
 * tavily https://docs.tavily.com/documentation/api-reference/endpoint/usage
 */
export const providers = [
  {
    ...{ id: 'openai', name: 'OpenAI', variables: ['OPENAI_API_KEY'], isAi: true },
    baseUrl: 'https://api.openai.com/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'anthropic', name: 'Anthropic', variables: ['ANTHROPIC_API_KEY'], isAi: true },
    baseUrl: 'https://api.anthropic.com/v1',
    test: {
      path: '/models?limit=1',
      headers: (key) => ({ 'x-api-key': key, 'anthropic-version': '2023-06-01' }),
    },
  },
  {
    ...{ id: 'gemini', name: 'Google Gemini', variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], isAi: true },
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    test: { path: '/models?pageSize=1', headers: (key) => ({ 'x-goog-api-key': key }), rejects: [400, 401] },
  },
  {
    ...{ id: 'mistral', name: 'Mistral', variables: ['MISTRAL_API_KEY'], isAi: true },
    baseUrl: 'https://api.mistral.ai/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'fal', name: 'FAL', variables: ['FAL_KEY'], isAi: false },
    baseUrl: 'https://api.fal.ai/v1',
    test: {
      path: '/models/pricing?endpoint_id=fal-ai/flux/dev',
      headers: (key) => ({ authorization: `Key ${key}` }),
    },
  },
  {
    ...{ id: 'deepseek', name: 'DeepSeek', variables: ['DEEPSEEK_API_KEY'], isAi: true },
    baseUrl: 'https://api.deepseek.com',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'groq', name: 'Groq', variables: ['GROQ_API_KEY'], isAi: true },
    baseUrl: 'https://api.groq.com/openai/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'xai', name: 'xAI', variables: ['XAI_API_KEY'], isAi: true },
    baseUrl: 'https://api.x.ai/v1',
    test: { path: '/api-key', headers: bearer, rejects: [400, 401] },
  },
  {
    ...{ id: 'cohere', name: 'Cohere', variables: ['CO_API_KEY', 'COHERE_API_KEY'], isAi: true },
    baseUrl: 'https://api.cohere.com/v1',
    test: { path: '/models?page_size=1', headers: bearer },
  },
  {
    ...{ id: 'openrouter', name: 'OpenRouter', variables: ['OPENROUTER_API_KEY'], isAi: true },
    baseUrl: 'https://openrouter.ai/api/v1',
    test: { path: '/key', headers: bearer },
  },
  {
    ...{ id: 'together', name: 'Together AI', variables: ['TOGETHER_API_KEY'], isAi: true },
    baseUrl: 'https://api.together.xyz/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'cerebras', name: 'Cerebras', variables: ['CEREBRAS_API_KEY'], isAi: true },
    baseUrl: 'https://api.cerebras.ai/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'moonshotai', name: 'Moonshot AI', variables: ['MOONSHOT_API_KEY'], isAi: true },
    baseUrl: 'https://api.moonshot.ai/v1',
    test: { path: '/models', headers: bearer },
  },
  {
    ...{ id: 'huggingface', name: 'Hugging Face', variables: ['HF_TOKEN'], isAi: true },
    baseUrl: 'https://huggingface.co/api',
    test: { path: '/whoami-v2', headers: bearer },
  },
  {
    ...{ id: 'replicate', name: 'Replicate', variables: ['REPLICATE_API_TOKEN'], isAi: false },
    baseUrl: 'https://api.replicate.com/v1',
    test: { path: '/account', headers: bearer },
  },
  {
    ...{ id: 'stability', name: 'Stability AI', variables: ['STABILITY_API_KEY'], isAi: false },
    baseUrl: 'https://api.stability.ai/v1',
    test: { path: '/user/balance', headers: bearer },
  },
  {
    ...{ id: 'tavily', name: 'Tavily', variables: ['TAVILY_API_KEY'], isAi: false },
    baseUrl: 'https://api.tavily.com',
    test: { path: '/usage', headers: bearer },
  },
] as const satisfies readonly Provider[];

export type ProviderId = (typeof providers)[number]['id'];

export const providerIds: readonly ProviderId[] = providers.map(({ id }) => id);

/** Other words for providers. */
const aliases: Readonly<Record<string, ProviderId>> = {
  google: 'gemini',
  claude: 'anthropic',
  mistralai: 'mistral',
  moonshot: 'moonshotai',
  'fal-ai': 'fal',
};

/** The provider of that id or other word for it; undefined for none. */
export function findProvider(word: string): (Provider & { id: ProviderId }) | undefined {
  const id = Object.hasOwn(aliases, word) ? aliases[word] : word;
  return providers.find((provider) => provider.id === id);
}

/** What people call it. */
export function nameOf(provider: string): string {
  return findProvider(provider)?.name ?? provider;
}
