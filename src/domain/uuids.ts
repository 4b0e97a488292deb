import { Failure } from './failure.ts';

/** Whether a text is written as a UUID is, such as the id of an event. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** The text, which is the id of a `what`. @throws Failure usage when it is no UUID */
export function checkUuid(text: string, what: string): string {
  if (isUuid(text)) return text.toLowerCase();
  throw new Failure('usage', `The ${what} '${text}' is no id`, {
    hint: 'It looks like 019b76da-a800-7000-8000-000000000001',
  });
}
