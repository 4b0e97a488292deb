/**
 * Whose service answers at an address, by the names that price lists, meters and `subctl_internal.provider_of` use. What is not here is found by the
 * model's name in the database (U10); what the application says wins over both.
 */
const hosts: readonly (readonly [host: RegExp, provider: string])[] = [
  [/^api\.openai\.com$/, 'openai'],
  [/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/, 'azure'],
  [/^api\.anthropic\.com$/, 'anthropic'],
  [/^generativelanguage\.googleapis\.com$/, 'gemini'],
  [/(^|-)aiplatform\.googleapis\.com$/, 'gemini'],
  [/^api\.mistral\.ai$|^codestral\.mistral\.ai$/, 'mistral'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^api\.groq\.com$/, 'groq'],
  [/^(router|api-inference)\.huggingface\.co$/, 'huggingface'],
  [/^api\.x\.ai$/, 'xai'],
  [/^api\.cohere\.(ai|com)$/, 'cohere'],
  [/^(api\.)?openrouter\.ai$/, 'openrouter'],
  [/^api\.together\.(xyz|ai)$/, 'together'],
  [/^api\.fireworks\.ai$/, 'fireworks'],
  [/^api\.perplexity\.ai$/, 'perplexity'],
  [/^api\.cerebras\.ai$/, 'cerebras'],
  [/^api\.moonshot\.(ai|cn)$/, 'moonshotai'],
  [/^api\.voyageai\.com$/, 'voyageai'],
  [/^api\.tavily\.com$/, 'tavily'],
  [/(^|\.)serper\.dev$/, 'serper'],
  [/^api\.exa\.ai$/, 'exa'],
  [/^api\.metaphor\.systems$/, 'metaphor'],
  [/^api\.firecrawl\.dev$/, 'firecrawl'],
  [/^api\.stability\.ai$/, 'stability'],
  [/^api\.wavespeed\.ai$/, 'wavespeed'],
];

/** The provider at that address; undefined for an unknown one. */
export function providerAt({ hostname, pathname }: URL): string | undefined {
  const found = hosts.find(([host]) => host.test(hostname))?.[1];
  // models of others are served there, too
  const publisher = /\/publishers\/(anthropic|mistralai)\//.exec(pathname)?.[1];
  return publisher ? publisher.replace('mistralai', 'mistral') : found;
}
