import type { Sample } from './sample.ts';

const chat = { messages: [{ role: 'user', content: 'Say hello to the whole wide world' }], max_tokens: 50 };
const chatAnswer = (usage: object, model = 'any') => ({
  ...{ id: 'c1', object: 'chat.completion', model, usage },
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello!' }, finish_reason: 'stop' }],
});
const chunk = (content: string, more: object = {}) => ({
  ...{ id: 'c1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }], usage: null },
  ...more,
});
const openai = {
  prompt_tokens: 1_200,
  completion_tokens: 85,
  prompt_tokens_details: { cached_tokens: 1_024 },
  completion_tokens_details: { reasoning_tokens: 64 },
};
const inBooks = { inputTokens: 1_200, outputTokens: 85, cachedTokens: 1_024 };
const lastChunk = (usage: object) => ({ id: 'c1', object: 'chat.completion.chunk', choices: [], usage });
const compatible = (name: string, url: string, provider: string, known: [string, string]): Sample => ({
  ...{ name, url, provider, kind: 'llm', model: 'some-model', body: { model: 'some-model', ...chat }, known },
  ...{
    answer: chatAnswer({ prompt_tokens: 90, completion_tokens: 9 }),
    amounts: { inputTokens: 90, outputTokens: 9 },
  },
});
/** Of OpenAI and of those who answer as it does. */
export const openaiSamples: Sample[] = [
  {
    ...{
      name: 'openai chat',
      url: 'https://api.openai.com/v1/chat/completions',
      provider: 'openai',
      kind: 'llm',
      model: 'gpt-4o',
    },
    ...{
      body: { model: 'gpt-4o', ...chat },
      answer: chatAnswer(openai, 'gpt-4o-2024-08-06'),
      amounts: inBooks,
      known: ['openai', 'chat'],
    },
  },
  {
    ...{
      name: 'openai chat, streamed',
      url: 'https://api.openai.com/v1/chat/completions',
      provider: 'openai',
      kind: 'llm',
      model: 'gpt-4o',
    },
    body: { model: 'gpt-4o', ...chat, stream: true, stream_options: { include_usage: true } },
    ...{ events: [chunk('Hel'), chunk('lo'), lastChunk(openai)], amounts: inBooks },
  },
  {
    ...{
      name: 'openai responses',
      url: 'https://api.openai.com/v1/responses',
      provider: 'openai',
      kind: 'llm',
      model: 'gpt-5',
    },
    body: { model: 'gpt-5', input: 'Say hello', max_output_tokens: 40 },
    answer: {
      object: 'response',
      model: 'gpt-5',
      output: [{ type: 'message', content: [{ type: 'output_text', text: 'Hello' }] }],
      usage: {
        input_tokens: 36,
        input_tokens_details: { cached_tokens: 16 },
        output_tokens: 87,
        output_tokens_details: { reasoning_tokens: 5 },
      },
    },
    ...{ amounts: { inputTokens: 36, cachedTokens: 16, outputTokens: 87 }, known: ['openai', 'responses'] },
  },
  {
    ...{
      name: 'openai responses, streamed',
      url: 'https://api.openai.com/v1/responses',
      provider: 'openai',
      kind: 'llm',
      model: 'gpt-5',
    },
    body: { model: 'gpt-5', input: 'Say hello', stream: true },
    events: [
      { type: 'response.created', response: { id: 'r1', usage: null } },
      { type: 'response.output_text.delta', delta: 'Hello' },
      {
        type: 'response.completed',
        response: {
          id: 'r1',
          model: 'gpt-5',
          usage: { input_tokens: 36, input_tokens_details: { cached_tokens: 0 }, output_tokens: 3 },
        },
      },
    ],
    amounts: { inputTokens: 36, outputTokens: 3 },
  },
  {
    ...{
      name: 'openai embeddings',
      url: 'https://api.openai.com/v1/embeddings',
      provider: 'openai',
      kind: 'embedding',
      model: 'text-embedding-3-small',
    },
    body: { model: 'text-embedding-3-small', input: ['one', 'two'] },
    answer: {
      object: 'list',
      model: 'text-embedding-3-small',
      data: [{ embedding: [0.1] }],
      usage: { prompt_tokens: 8, total_tokens: 8 },
    },
    ...{ amounts: { inputTokens: 8, outputTokens: 0 }, known: ['openai', 'embeddings'] },
  },
  {
    ...{
      name: 'openai images',
      url: 'https://api.openai.com/v1/images/generations',
      provider: 'openai',
      kind: 'image',
      model: 'dall-e-3',
    },
    ...{
      body: { model: 'dall-e-3', prompt: 'A hat', n: 3 },
      answer: { created: 1, data: [{ url: 'https://a' }, { url: 'https://b' }] },
      amounts: { quantity: 2 },
    },
  },
  {
    ...{
      name: 'deepseek',
      url: 'https://api.deepseek.com/chat/completions',
      provider: 'deepseek',
      kind: 'llm',
      model: 'deepseek-chat',
    },
    ...{
      body: { model: 'deepseek-chat', ...chat },
      answer: chatAnswer({
        prompt_tokens: 16,
        completion_tokens: 10,
        prompt_cache_hit_tokens: 9,
        prompt_cache_miss_tokens: 7,
      }),
      amounts: { inputTokens: 16, cachedTokens: 9, outputTokens: 10 },
    },
  },
  {
    ...{
      name: 'groq, streamed',
      url: 'https://api.groq.com/openai/v1/chat/completions',
      provider: 'groq',
      kind: 'llm',
      model: 'llama-3.3-70b',
    },
    ...{
      body: { model: 'llama-3.3-70b', ...chat, stream: true },
      amounts: { inputTokens: 18, outputTokens: 6 },
    },
    events: [
      chunk('Hello'),
      chunk('', {
        x_groq: { id: 'g', usage: { prompt_tokens: 18, completion_tokens: 6, queue_time: 0.03 } },
      }),
    ],
  },
  compatible('mistral', 'https://api.mistral.ai/v1/chat/completions', 'mistral', ['mistral', 'default']),
  compatible('huggingface', 'https://router.huggingface.co/v1/chat/completions', 'huggingface', [
    'openai',
    'chat',
  ]),
  compatible('xai', 'https://api.x.ai/v1/chat/completions', 'xai', ['x-ai', 'chat']),
  compatible('openrouter', 'https://openrouter.ai/api/v1/chat/completions', 'openrouter', [
    'openrouter',
    'chat',
  ]),
  compatible(
    'azure',
    'https://acme.openai.azure.com/openai/deployments/some-model/chat/completions?api-version=1',
    'azure',
    ['azure', 'chat'],
  ),
];
