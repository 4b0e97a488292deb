import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { notificationKindNames, notificationKinds } from '../../src/notifications/kinds.ts';
import { renderNotification } from '../../src/notifications/render.ts';
import { readTemplates } from '../../src/notifications/templates.ts';
import { signBody } from '../../src/notifications/webhook.ts';
import { removeFolder, temporaryFolder } from '../support/test-server.ts';

const folder = temporaryFolder('subctl-templates-');
afterAll(() => removeFolder(folder));

describe('how notices read', () => {
  test.each(notificationKindNames)(
    '%s says its facts, in text and in HTML, and leaves no {{field}}',
    (kind) => {
      const { subject, text, html } = renderNotification({ kind, fields: notificationKinds[kind].fields });
      expect(subject).toMatch(/\S/);
      expect(`${subject}${text}${html}`).not.toMatch(/\{\{|undefined|null/);
      expect(html).toContain('<h1');
      expect(html).not.toMatch(/<script|src=|@import|url\(/);
    },
  );

  test('what a customer is called cannot write HTML, and a field that is empty leaves no empty paragraph', () => {
    const fields = { ...notificationKinds.limit.fields, customer: '<img src=x onerror=1>', suggestion: '' };
    const { text, html } = renderNotification({ kind: 'limit', fields });
    expect(html).not.toContain('<img');
    expect(html).toContain('&#60;img');
    expect(text).not.toMatch(/\n\n\n/);
  });

  test.each([
    ['80', 'width:80%'],
    ['112.5', 'width:100%'],
    ['1"onload="x', undefined],
    ['', undefined],
  ])('a share of %s is drawn as %s', (percent, width) => {
    const { html } = renderNotification({
      kind: 'limit',
      fields: { ...notificationKinds.limit.fields, percent },
    });
    if (width) expect(html).toContain(width);
    else expect(html).not.toMatch(/width:\d*%|"onload=/);
  });

  test('an operator’s words stand in for ours, part by part; a field that is not there is named', () => {
    mkdirSync(`${folder}/own`, { recursive: true });
    writeFileSync(`${folder}/own/limit.subject.txt`, 'Achtung, {{meter}}: {{percent}} %\n');
    const own = readTemplates(`${folder}/own`).get('limit')!;
    const { subject, text } = renderNotification(
      { kind: 'limit', fields: notificationKinds.limit.fields },
      own,
    );
    expect(subject).toBe('Achtung, messages: 80 %');
    expect(text).toContain('400 of 500 messages per month');
    expect(() => renderNotification({ kind: 'limit', fields: {} }, { text: 'Dear {{name}}' })).toThrow(
      /names \{\{name\}\}/,
    );
    expect(() => readTemplates(`${folder}/none`)).toThrow(/does not exist/);
    writeFileSync(`${folder}/own/limits.txt`, 'x');
    expect(() => readTemplates(`${folder}/own`)).toThrow(/did you mean limit\?/);
  });

  test('a signature is the HMAC of the second and the body', () => {
    // echo -n '1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef
    expect(signBody('{}', { secret: '0123456789abcdef', at: new Date(1_700_000_000_000) })).toBe(
      't=1700000000,v1=e4f8e2ecae2295b2ddb2f0b5584c8275e226c0ebe9b3b819e70156bb67122e3e',
    );
  });
});
