import type * as z from 'zod';

const kinds: Record<string, string> = {
  string: 'a string',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  number: 'a number',
};

/** What is wrong with `place`, said for people: the schema's own words name types of this program. */
export function issueSentence(issue: z.core.$ZodIssue, place: string): string {
  if (issue.message.endsWith('received undefined')) return `${place} is missing`;
  switch (issue.code) {
    case 'invalid_union':
      return `${place} is neither a number nor a string`;
    case 'invalid_type':
      return `${place} is not ${kinds[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `${place} is not one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_format':
      return issue.format === 'uuid' ? `${place} is no UUID` : `${place}: ${issue.message}`;
    case 'too_small':
      return `${place} is empty`; // what has a least size here has 1
    case 'too_big':
      return `${place} has more than ${String(issue.maximum)} ${unitOf(issue.origin)}`;
    default:
      return `${place}: ${issue.message}`;
  }
}

const unitOf = (origin: string) => (origin === 'array' ? 'entries' : 'characters');
