import { fieldOf, wholeOf } from './fields.ts';

/** What a model may answer where nobody says a most. */
const usualOutput = 1_000;

/** Fields of a request that a model reads, of all interfaces. */
const read = [
  'messages',
  'system',
  'prompt',
  'input',
  'instructions',
  'contents',
  'content',
  'systemInstruction',
  'tools',
  'texts',
  'requests',
];
/** Fields whose text is no words: pictures and sounds, by address or in letters. */
const unread = new Set([
  'image_url',
  'input_audio',
  'source',
  'inlineData',
  'inline_data',
  'fileData',
  'file_data',
  'file',
  'url',
  'id',
  'role',
  'type',
  'model',
  'cache_control',
]);

/** Tokens of what is sent, by its size: characters // 4 (U5). Pictures and sounds are not estimated. A list of numbers is tokens already. */
export function estimateInput(body: unknown): number {
  return read.reduce((sum, name) => sum + tokensIn(fieldOf(body, name)), 0);
}

/** Tokens that may come back at most: what the request allows, for each of the answers it asks for. */
export function estimateOutput(body: unknown): number {
  const config = fieldOf(body, 'generationConfig');
  const most =
    wholeOf(fieldOf(body, 'max_completion_tokens')) ??
    wholeOf(fieldOf(body, 'max_output_tokens')) ??
    wholeOf(fieldOf(body, 'max_tokens')) ??
    wholeOf(fieldOf(config, 'maxOutputTokens')) ??
    usualOutput;
  return most * (wholeOf(fieldOf(body, 'n')) ?? wholeOf(fieldOf(config, 'candidateCount')) ?? 1);
}

function tokensIn(value: unknown): number {
  if (Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'number'))
    return value.length;
  return Math.floor(lettersIn(value) / 4);
}

/** How many characters of words are in a value, however deep. */
function lettersIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + lettersIn(each), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.entries(value).filter(([name]) => !unread.has(name));
  return parts.reduce((sum, [, each]) => sum + lettersIn(each), 0);
}
