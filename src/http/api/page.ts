import { html, raw } from 'hono/html';
import type { Json } from './document.ts';
import { pageStyle } from './page-style.ts';

type Html = ReturnType<typeof html>;

interface Described {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Json }[];
  requestBody?: { content: { 'application/json': { schema: Json; example?: unknown } } };
  responses: Record<string, { description: string; content: { 'application/json': { schema: Json } } }>;
}

/** The document as a page for people: one file, without scripts, that asks nobody for anything. */
export async function docsPage(document: Json): Promise<string> {
  const { info, paths, components } = document as {
    info: { title: string; version: string; description: string };
    paths: Record<string, Record<string, Described>>;
    components: { schemas: Record<string, Json> };
  };
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ path, method, one })),
  );
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} API ${info.version}</title>
        <style>
          ${raw(pageStyle)}
        </style>
      </head>
      <body>
        <nav>
          <strong>${info.title}</strong>
          ${showContents(all)}
          <h2>Shapes</h2>
          <ul>
            ${Object.keys(components.schemas).map((name) => html`<li><a href="#shape-${name}">${name}</a></li>`)}
          </ul>
        </nav>
        <main>
          <h1>${info.title} API <small>${info.version}</small></h1>
          <p>${info.description}</p>
          <p>
            Send the token of your application (<code>subctl tokens create NAME --scope …</code>) with each
            request. The whole document is at <a href="/openapi.json"><code>/openapi.json</code></a
            >.
          </p>
          <pre>
curl -H "Authorization: Bearer $SUBCTL_TOKEN" -H "Content-Type: application/json" \\
     -d '{"customer": "ada", "kind": "llm", "input_tokens": 900, "key": "request-4711"}' \\
     http://127.0.0.1:8788/v1/record</pre>
          ${all.map(({ path, method, one }) => showOperation(path, method, one))}
          <h1>Shapes</h1>
          ${Object.entries(components.schemas).map(
            ([name, schema]) =>
              html`<section id="shape-${name}">
                <h2>${name}</h2>
                ${schema.description ? html`<p>${schema.description as string}</p>` : ''}${fields(schema)}
              </section>`,
          )}
        </main>
      </body>
    </html>`;
  return String(await page);
}

/** Links to all operations, under the headings of their tags. */
function showContents(all: readonly { method: string; one: Described }[]): Html[] {
  const tags = [...new Set(all.map(({ one }) => one.tags[0]!))];
  return tags.map(
    (tag) =>
      html`<h2>${tag}</h2>
        <ul>
          ${all
            .filter(({ one }) => one.tags[0] === tag)
            .map(
              ({ one, method }) =>
                html`<li>
                  <a href="#${one.operationId}"><b class="${method}">${method}</b> ${one.operationId}</a>
                </li>`,
            )}
        </ul>`,
  );
}

function showOperation(path: string, method: string, one: Described): Html {
  const body = one.requestBody?.content['application/json'];
  return html`<section id="${one.operationId}">
    <h2><b class="${method}">${method}</b> <code>${path}</code></h2>
    <p class="summary">${one.summary}</p>
    <p>${one.description}</p>
    ${
      one.parameters.length > 0
        ? html`<h3>Parameters</h3>
            ${table(one.parameters.map(({ name, required, description, schema, in: place }) => ({ name, required, type: typeWord(schema), about: `${place}${description ? `: ${description}` : ''}` })))}`
        : ''
    }
    ${
      body
        ? html`<h3>Body</h3>
            ${'$ref' in body.schema ? html`<p>${reference(body.schema)}</p>` : fields(body.schema)}`
        : ''
    }
    ${body?.example === undefined ? '' : html`<pre>${JSON.stringify(body.example, null, 2)}</pre>`}
    <h3>Answers</h3>
    <table>
      <tbody>
        ${Object.entries(one.responses).map(
          ([status, { description, content }]) =>
            html`<tr>
              <td><code>${status}</code></td>
              <td>${description}</td>
              <td>${status === '200' ? reference(content['application/json'].schema) : ''}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function fields(schema: Json): Html {
  const { properties = {}, required = [] } = schema as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return table(
    Object.entries(properties).map(([name, field]) => ({
      name,
      required: required.includes(name),
      type: typeWord(field),
      about: (field.description as string | undefined) ?? '',
    })),
  );
}

function table(rows: { name: string; required: boolean; type: string; about: string }[]): Html {
  return html`<table>
    <tbody>
      ${rows.map(
        ({ name, required, type, about }) =>
          html`<tr>
            <td><code>${name}</code>${required ? html` <i>required</i>` : ''}</td>
            <td class="type">${type}</td>
            <td>${about}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function reference(schema: Json): Html {
  const name = nameOf(schema);
  return name === undefined ? html`${typeWord(schema)}` : html`<a href="#shape-${name}">${name}</a>`;
}

function nameOf({ $ref }: Json): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined;
}

/** `decimal or null`, `list of Use`, `integer 1 to 1000`, `{meter, window, threshold}`. */
function typeWord(schema: Json): string {
  const name = nameOf(schema);
  if (name !== undefined) return name;
  const { type, anyOf, items, properties, pattern, minimum, maximum, ...rest } = schema as {
    type?: string | string[];
    anyOf?: Json[];
    items?: Json;
    properties?: Json;
    enum?: string[];
    format?: string;
    pattern?: string;
    minimum?: number;
    maximum?: number;
  };
  if (rest.enum) return rest.enum.join(' | ');
  if (anyOf) return [...new Set(anyOf.map(typeWord))].join(' or ');
  if (items) return `list of ${typeWord(items)}`;
  if (properties) return `{${Object.keys(properties).join(', ')}}`;
  if (pattern?.includes('[.]'))
    return ['decimal', ...[type ?? []].flat()].filter((one) => one !== 'string').join(' or ');
  const isBounded = minimum !== undefined && maximum !== undefined && maximum < 2 ** 31 - 1;
  const words = [type ?? 'anything'].flat().join(' or ');
  return `${words}${rest.format ? ` (${rest.format})` : ''}${isBounded ? ` ${minimum} to ${maximum}` : ''}`;
}
