import { Failure } from '../domain/failure.ts';
import { nearest } from '../domain/nearest.ts';

/**
 * The components of a provider's price: tokens of a prompt and its answer, or units of a call. A call may cost several of them (input and
 * output, request and characters); they are added up. Rows of two sources that price a model in two ways are never added.
 */
export const components = [
  ...['input_tokens', 'output_tokens', 'cached_input_tokens', 'cache_write_tokens', 'cache_write_1h_tokens'],
  ...['audio_input_tokens', 'image_input_tokens', 'video_input_tokens'],
  ...['cached_audio_input_tokens', 'cached_image_input_tokens'],
  ...['audio_output_tokens', 'image_output_tokens', 'video_output_tokens'],
  ...['reasoning_output_tokens', 'citation_output_tokens'],
  ...['request', 'search', 'file_search', 'image', 'edit', 'video', 'page', 'character', 'second'],
] as const;

/** The group of a component: all tokens are one group, each unit is its own. */
export function wayOf(component: string): string {
  return component.endsWith('_tokens') ? 'token' : component;
}

/**
 * Finds the component of this name; `where` begins the message of a failure.
 * @throws Failure usage, with the nearest name
 */
export function parseComponent(name: string, where: string): string {
  if ((components as readonly string[]).includes(name)) return name;
  const near = nearest(name, components);
  throw new Failure('usage', `${where} '${name}'${near ? `, did you mean ${near}?` : ''}`, {
    hint: `Kinds are ${components.join(', ')}`,
  });
}
