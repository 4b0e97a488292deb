import type { Context } from 'hono';
import type * as z from 'zod';
import { Failure } from '../../domain/failure.ts';
import { nearest } from '../../domain/nearest.ts';
import { HttpFailure } from '../http-failure.ts';
import { readBody } from '../read-body.ts';
import { readExactJson } from './exact-json.ts';
import { issueSentence } from './issue-sentence.ts';
import type { ApiInput, Operation } from './operation.ts';

/** A batch of a thousand uses has some 300 kB. */
const bodyLimit = 1024 * 1024;

type Input = ApiInput<Operation['shape']>;

/**
 * What is asked, read by the schemas of the operation.
 * @throws Failure usage that names the field, HttpFailure unsupported_media_type, too_large
 */
export async function readRequest(context: Context, { shape, keyed, method }: Operation): Promise<Input> {
  const params = check(shape.params, context.req.param(), 'path') as Input['params'];
  const query = check(shape.query, queryOf(context), 'query') as Input['query'];
  if (method === 'get' || !shape.body) return { params, query, body: undefined } as Input;
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;\s*charset=("?)utf-8\2\s*)?$/i.test(type))
    throw new HttpFailure(
      'unsupported_media_type',
      type === '' ? 'The body has no content type' : `The content type '${type.slice(0, 100)}' is not taken`,
      {
        hint: 'Send Content-Type: application/json, in UTF-8',
      },
    );
  if (context.req.header('content-encoding') !== undefined)
    throw new HttpFailure('unsupported_media_type', 'A body that is compressed is not taken');
  const said = readExactJson(readUtf8(await readBody(context, bodyLimit)));
  const key = keyed ? context.req.header('idempotency-key') : undefined;
  return {
    params,
    query,
    body: check(shape.body, key === undefined ? said : withKey(said, key), 'body'),
  } as Input;
}

function queryOf(context: Context): Record<string, string> {
  const all = Object.entries(context.req.queries());
  const twice = all.find(([, values]) => values.length > 1);
  if (twice) throw new Failure('usage', `The query has ${twice[0].slice(0, 60)} more than once`);
  return Object.fromEntries(all.map(([name, [value = '']]) => [name, value]));
}

function readUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Failure('usage', 'The body is not UTF-8', { cause: error });
  }
}

/** The body with the key of the header: its own, or in a list of uses one for each by its place. */
function withKey(body: unknown, key: string): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { uses } = body as { uses?: unknown };
  if (Array.isArray(uses)) {
    const keyedUses = uses.map((use: unknown, at) =>
      typeof use === 'object' && use !== null ? { key: `${key}:${at + 1}`, ...use } : use,
    );
    return { ...body, uses: keyedUses };
  }
  const own = (body as { key?: unknown }).key;
  if (own !== undefined && own !== key)
    throw new Failure('usage', 'The header Idempotency-Key and the key of the body are not the same', {
      hint: 'Send one of them',
    });
  return { ...body, key };
}

function check(schema: z.ZodType, value: unknown, where: string): unknown {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  const at = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  const place = at === '' ? `The ${where}` : at.replace(/^\./, '');
  throw new Failure('usage', sentenceOf(issue, { place, schema, where }), { hint: hintOf(issue) });
}

type Issue = z.core.$ZodIssue;

function sentenceOf(
  issue: Issue,
  { place, schema, where }: { place: string; schema: z.ZodType; where: string },
): string {
  if (issue.code === 'unrecognized_keys') {
    const name = issue.keys[0]!;
    const near = nearest(name, namesOf(schema));
    return `${place} has a field '${name.slice(0, 60)}' that is not known${near ? `, did you mean ${near}?` : ''}`;
  }
  if (issue.code === 'custom')
    return issue.path.length > 1 || where !== 'body' ? `${place}: ${issue.message}` : issue.message;
  return issueSentence(issue, place);
}

function hintOf(issue: Issue): string | undefined {
  if (issue.code === 'custom') return (issue.params as { hint?: string } | undefined)?.hint;
  return 'See /docs, or /openapi.json';
}

function namesOf(schema: z.ZodType): string[] {
  const { shape } = schema as Partial<z.ZodObject>;
  return shape ? Object.keys(shape) : [];
}
