import type { Amounts } from '../use.ts';
import { estimateInput, estimateOutput } from './estimate.ts';
import { fieldOf, wholeOf } from './fields.ts';
import { providerAt } from './providers.ts';

/** What a request is going to use, as far as it says. */
export interface SeenCall {
  kind: string;
  provider: string | undefined;
  model: string | undefined;
  /** estimated from its size and what it allows at most */
  amounts: Amounts;
  /** a stream of chat completions that says its usage only where it is asked to */
  mayAskForUsage: boolean;
}

export interface SeenRequest {
  url: URL;
  method: string;
  /** parsed JSON, a form, or undefined where the body is neither */
  body: unknown;
}

/** Paths of the interfaces that many providers share, with the kind of use. */
const paths: readonly (readonly [path: RegExp, kind: string])[] = [
  [/\/(chat\/)?completions$/, 'llm'],
  [/\/responses$/, 'llm'],
  [/\/messages$/, 'llm'],
  [/:(stream)?generateContent$/i, 'llm'],
  [/:(stream)?rawPredict$/i, 'llm'],
  [/\/v2\/chat$/, 'llm'],
  [/\/embeddings$|:(batch)?embedContents?$|\/v[12]\/embed$/i, 'embedding'],
  [/\/images\/generations$/, 'image'],
  [/\/images\/(edits|variations)$/, 'image_edit'],
  [/\/audio\/(transcriptions|translations)$/, 'stt'],
  [/\/audio\/speech$/, 'tts'],
  [/\/ocr$/, 'page'],
];

/** Providers of one thing: the kind of what is asked there, and the model under which price lists have it. */
const services: Record<string, readonly (readonly [path: RegExp, kind: string, model: string])[]> = {
  tavily: [[/\/(search|extract|crawl|map)$/, 'search', 'tavily-search']],
  serper: [[/./, 'search', 'serper-search']],
  exa: [[/\/(search|findSimilar|contents|answer)$/, 'search', 'exa-search']],
  metaphor: [[/\/(search|findSimilar|contents)$/, 'search', 'metaphor-search']],
  firecrawl: [[/\/(scrape|extract|crawl|search)$/, 'page', 'firecrawl-extract']],
  stability: [
    [/\/generate\/core$/, 'image', 'stability-core'],
    [/\/generate\/ultra$/, 'image', 'stability-ultra'],
    [/\/generate\/sd3$|\/text-to-image$|\/image-to-image$/, 'image', 'stable-diffusion'],
    [/\/stable-image\/(edit|upscale|control)\//, 'image_edit', 'stability-edit'],
  ],
};

/** What the request uses; undefined where it is none that is known, such as a list of models or a count of tokens. */
export function recogniseCall({ url, method, body }: SeenRequest): SeenCall | undefined {
  const provider = providerAt(url);
  const service = services[provider ?? '']?.find(([path]) => path.test(url.pathname));
  if (service) {
    const [, kind, model] = service;
    return { kind, provider, model, amounts: countOf(kind, body), mayAskForUsage: false };
  }
  const kind = paths.find(([path]) => path.test(url.pathname))?.[1];
  if (method !== 'POST' || !kind) return undefined;
  const isChat = /\/(chat\/)?completions$/.test(url.pathname);
  return {
    ...{ kind, provider, model: modelOf(url, body), amounts: countOf(kind, body) },
    mayAskForUsage: isChat && fieldOf(body, 'stream') === true,
  };
}

/** Named in the body, or in the address as Gemini and Azure have it. */
function modelOf({ pathname }: URL, body: unknown): string | undefined {
  const named = fieldOf(body, 'model');
  if (typeof named === 'string') return named.replace(/^models\//, '');
  return decodeURIComponent(/\/(?:models|deployments)\/([^/:]+)/.exec(pathname)?.[1] ?? '') || undefined;
}

function countOf(kind: string, body: unknown): Amounts {
  switch (kind) {
    case 'llm':
      return { inputTokens: estimateInput(body), outputTokens: estimateOutput(body) };
    case 'embedding':
      return { inputTokens: estimateInput(body), outputTokens: 0 };
    case 'image':
    case 'image_edit':
      return { quantity: wholeOf(fieldOf(body, 'n') ?? fieldOf(body, 'samples')) ?? 1 };
    case 'tts': {
      const input = fieldOf(body, 'input');
      return typeof input === 'string' ? { units: { characters: [...input].length } } : {};
    }
    case 'stt': {
      const file = fieldOf(body, 'file');
      return file instanceof Blob ? { units: { bytes: file.size } } : {};
    }
    default:
      return { quantity: 1 };
  }
}
