import * as z from 'zod';
import { compareText } from '../../domain/compare.ts';
import { scopes } from '../../api-tokens/scopes.ts';
import { rolesWith } from '../../roles/lacks-right.ts';
import { errorBody } from './answers.ts';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';

export type Json = Record<string, unknown>;

const about = `Subscriptions, limits, usage and entitlements for applications in any language. What is answered is what subctl's SQL functions
answer: there is no second rule. Amounts are decimal strings (numbers are taken as they are written), instants ISO 8601 in UTC.
Errors are {"error": {"code", "message", "hint"}}. A use with a key is counted once, however often it is sent.`;

const usual: Record<number, string> = {
  400: 'What was sent is not understood; the message names the field',
  401: 'No token, or one that is not valid any more',
  403: 'The token may not: its scopes or its customer say no',
  429: 'Too many wrong tokens came from the address',
  503: 'The database is away, or the answer took too long. Try again after Retry-After, with the same key',
};

/** The OpenAPI 3.1 document of the API, made from the definitions that read requests. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const one of operations) (paths[one.path] ??= {})[one.method] = describe(one);
  return {
    openapi: '3.1.0',
    info: {
      title: 'subctl',
      version,
      description: about.replaceAll('\n', ' '),
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of: subctl tokens create NAME --scope …',
        },
      },
      schemas: schemasOf(),
    },
  };
}

function describe(one: Operation): Json {
  const { id, tag, summary, description, scope, needs, shape, answer, statuses, keyed, example } = one;
  const answers: Record<string, unknown> = { 200: content('Done', 'output', answer) };
  for (const [status, what] of Object.entries({ ...usual, ...statuses }))
    answers[status] = content(what, 'output', errorBody);
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: `${description} Scope: ${scope} (${scopes[scope]}).`,
    parameters: [
      ...parameters('path', shape.params),
      ...parameters('query', shape.query),
      ...(keyed
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: false,
              description: 'The same as key of the body',
              schema: { type: 'string', maxLength: 500 },
            },
          ]
        : []),
    ],
    ...(shape.body && {
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: jsonOf(shape.body, 'input'),
            ...(example !== undefined && { example }),
          },
        },
      },
    }),
    responses: answers,
    'x-scope': scope,
    'x-roles': rolesWith(needs),
  };
}

function content(description: string, io: Io, schema: z.ZodType): Json {
  return { description, content: { 'application/json': { schema: jsonOf(schema, io) } } };
}

function parameters(place: 'path' | 'query', { shape }: z.ZodObject): Json[] {
  return Object.entries(shape).map(([name, field]) => {
    const { description, ...schema } = jsonOf(field as z.ZodType, 'input');
    const required = place === 'path' || !(field as z.ZodType).safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema };
  });
}

type Io = 'input' | 'output';
const to = '#/components/schemas/';

/** A schema for the document, which points to the named ones. */
function jsonOf(schema: z.ZodType, io: Io): Json {
  return (convert(z.object({ it: schema }), io) as { properties: { it: Json } }).properties.it;
}

/** The named schemas: those that any request or answer has in it. */
function schemasOf(): Json {
  const found: Json = {};
  const take = (schema: z.ZodType, io: Io) => {
    const { $defs = {} } = convert(z.object({ it: schema }), io) as { $defs?: Json };
    for (const [name, each] of Object.entries($defs)) {
      found[name] = Object.fromEntries(Object.entries(each as Json).filter(([key]) => key !== 'id'));
    }
  };
  for (const { shape, answer } of operations) {
    if (shape.body) take(shape.body, 'input');
    take(answer, 'output');
  }
  take(errorBody, 'output');
  return Object.fromEntries(Object.entries(found).sort(([one], [other]) => compareText(one, other)));
}

/** zod's own conversion; where a field says its form itself (`json`), that is it. */
function convert(schema: z.ZodType, io: Io): Json {
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ jsonSchema }) {
      const { json: form, ...meta } = jsonSchema as Json & { json?: Json };
      if (!form) return;
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Json)[key];
      const { description } = meta;
      Object.assign(jsonSchema, form, description === undefined ? {} : { description });
    },
  });
  return JSON.parse(JSON.stringify(json).replaceAll('#/$defs/', to)) as Json;
}
