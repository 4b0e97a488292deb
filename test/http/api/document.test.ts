import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { openApiDocument } from '../../../src/http/api/document.ts';
import { operations } from '../../../src/http/api/operations.ts';
import { docsPage } from '../../../src/http/api/page.ts';

const document = openApiDocument('0.0.0');

test('the document is the one that is checked in: what clients were made from changes only on purpose', () => {
  const golden = readFileSync(path.join(import.meta.dirname, 'openapi.json'), 'utf8');
  expect(
    `${JSON.stringify(document, null, 2)}\n`,
    'subctl serve --openapi shows it; npm run docs writes it',
  ).toBe(golden);
});

test('the document is OpenAPI 3.1 for somebody else’s validator, and what it points to is there', async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document) as never)).toEqual({ valid: true });
  expect(validator.version).toBe('3.1');
  const { schemas } = document.components as { schemas: object };
  for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g))
    expect(Object.keys(schemas)).toContain(name);
  expect(await new Validator().validate({ ...document, info: {} } as never)).toMatchObject({ valid: false });
});

test('every operation says who may, what is answered and what it means when it is not', () => {
  for (const { path: at, method, scope } of operations) {
    const one = (
      document.paths as Record<
        string,
        Record<string, { responses: object; 'x-scope': string; summary: string }>
      >
    )[at]![method]!;
    expect(Object.keys(one.responses)).toEqual(expect.arrayContaining(['200', '400', '401', '403', '503']));
    expect(one).toMatchObject({ 'x-scope': scope, summary: expect.stringMatching(/^[A-Z]/) as string });
  }
});

test('the page has every operation and shape, asks nobody for anything, and runs nothing', async () => {
  const page = await docsPage(document);
  for (const { id, path: at } of operations) {
    expect(page).toContain(`id="${id}"`);
    expect(page).toContain(`<code>${at}</code>`);
  }
  for (const [, anchor] of page.matchAll(/href="#([\w-]+)"/g)) expect(page).toContain(`id="${anchor}"`);
  expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import| on\w+="/);
  expect([...page.matchAll(/href="([^#][^"]*)"/g)].map(([, to]) => to)).toEqual(['/openapi.json']);
});

test('what comes from the document is text on the page, whatever is in it', async () => {
  const page = await docsPage({
    ...document,
    info: { title: '<script>alert(1)</script>', version: '"x', description: '&' },
  });
  expect(page).not.toContain('<script>');
  expect(page).toContain('&lt;script&gt;');
});
