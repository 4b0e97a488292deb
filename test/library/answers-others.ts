import type { Sample } from './sample.ts';

const chat = { messages: [{ role: 'user', content: 'Say hello' }], max_tokens: 50 };
const claude = {
  input_tokens: 12,
  cache_creation_input_tokens: 300,
  cache_read_input_tokens: 2_000,
  output_tokens: 41,
};
const claudeInBooks = {
  inputTokens: 2_012,
  cachedTokens: 2_000,
  outputTokens: 41,
  units: { cache_write_tokens: 300 },
};
const gemini = {
  promptTokenCount: 100,
  cachedContentTokenCount: 60,
  candidatesTokenCount: 20,
  thoughtsTokenCount: 7,
  totalTokenCount: 127,
};
const geminiInBooks = { inputTokens: 100, cachedTokens: 60, outputTokens: 27 };
const parts = (text: string, more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts: [{ text }] } }],
  modelVersion: 'gemini-2.5-flash',
  ...more,
});
const contents = [{ role: 'user', parts: [{ text: 'Say hello' }] }];
const search = (name: string, url: string): Sample => ({
  ...{
    name,
    url,
    provider: name,
    kind: 'search',
    model: `${name}-search`,
    body: { query: 'weather', q: 'weather' },
  },
  ...{ answer: { results: [{ title: 'Rain', content: 'It rains' }] }, amounts: { quantity: 1 } },
});

/** Of Anthropic, of Gemini, and of services that are no models. */
export const otherSamples: Sample[] = [
  {
    ...{
      name: 'anthropic',
      url: 'https://api.anthropic.com/v1/messages',
      provider: 'anthropic',
      kind: 'llm',
      model: 'claude-sonnet-4',
    },
    ...{
      body: { model: 'claude-sonnet-4', ...chat },
      amounts: claudeInBooks,
      known: ['anthropic', 'default'],
    },
    answer: {
      type: 'message',
      model: 'claude-sonnet-4',
      content: [{ type: 'text', text: 'Hello!' }],
      usage: claude,
    },
  },
  {
    ...{
      name: 'anthropic, streamed',
      url: 'https://api.anthropic.com/v1/messages',
      provider: 'anthropic',
      kind: 'llm',
      model: 'claude-sonnet-4',
    },
    body: { model: 'claude-sonnet-4', ...chat, stream: true },
    events: [
      {
        type: 'message_start',
        message: {
          type: 'message',
          model: 'claude-sonnet-4',
          content: [],
          usage: { ...claude, output_tokens: 1 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 41 } },
      { type: 'message_stop' },
    ],
    amounts: claudeInBooks,
  },
  {
    ...{
      name: 'gemini',
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent',
      provider: 'gemini',
      kind: 'llm',
      model: 'gemini-2.5-flash',
    },
    ...{
      body: { contents, generationConfig: { maxOutputTokens: 30 } },
      answer: parts('Hello', { usageMetadata: gemini }),
      amounts: geminiInBooks,
      known: ['google', 'default'],
    },
  },
  {
    ...{
      name: 'gemini, streamed',
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      provider: 'gemini',
      kind: 'llm',
      model: 'gemini-2.5-flash',
    },
    ...{ body: { contents }, amounts: geminiInBooks },
    events: [
      parts('Hel', { usageMetadata: { promptTokenCount: 100, totalTokenCount: 100 } }),
      parts('lo', { usageMetadata: gemini }),
    ],
  },
  {
    ...{
      name: 'gemini, an array of chunks',
      url: 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent',
      provider: 'gemini',
      kind: 'llm',
      model: 'gemini-2.5-flash',
    },
    ...{
      body: { contents },
      answer: [parts('Hel'), parts('lo', { usageMetadata: gemini })],
      amounts: geminiInBooks,
    },
  },
  search('tavily', 'https://api.tavily.com/search'),
  search('serper', 'https://google.serper.dev/search'),
  search('exa', 'https://api.exa.ai/search'),
  search('metaphor', 'https://api.metaphor.systems/search'),
  {
    ...{
      name: 'firecrawl',
      url: 'https://api.firecrawl.dev/v1/scrape',
      provider: 'firecrawl',
      kind: 'page',
      model: 'firecrawl-extract',
    },
    ...{
      body: { url: 'https://example.com' },
      answer: { success: true, data: { markdown: '# Hi' } },
      amounts: { quantity: 1 },
    },
  },
  {
    ...{
      name: 'stability',
      url: 'https://api.stability.ai/v2beta/stable-image/generate/core',
      provider: 'stability',
      kind: 'image',
      model: 'stability-core',
    },
    ...{
      body: { prompt: 'A hat' },
      answer: { image: 'aGVsbG8=', finish_reason: 'SUCCESS' },
      amounts: { quantity: 1 },
    },
  },
  {
    ...{
      name: 'mistral ocr',
      url: 'https://api.mistral.ai/v1/ocr',
      provider: 'mistral',
      kind: 'page',
      model: 'mistral-ocr-latest',
    },
    ...{
      body: { model: 'mistral-ocr-latest', document: {} },
      answer: { pages: [], usage_info: { pages_processed: 4, doc_size_bytes: 9 } },
      amounts: { quantity: 4, units: { pages: 4 } },
    },
  },
];
