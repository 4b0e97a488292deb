import type { Operation } from '../../../src/http/api/operation.ts';
import type { Asked } from './world.ts';

/** A request of an operation for a customer that is right but for who asks. */
export function requestOf({ path, method, example }: Operation, customer: string): [string, Asked] {
  const to = path
    .replace('{customer}', customer)
    .replace('{feature}', 'sso')
    .replace('{plan}', 'pro')
    .replace('{key}', 'openai');
  if (method === 'get') return [to, {}];
  const body = JSON.parse(JSON.stringify(example).replaceAll('"ada"', `"${customer}"`)) as unknown;
  return [to, { body }];
}
