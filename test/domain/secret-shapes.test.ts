import { expect, it } from 'vitest';
import { shapeOfSecret, withoutSecrets } from '../../src/domain/secret-shapes.ts';
import { textOf } from '../house/sources.ts';

/** One text of each shape; put together here, so that no scanner takes this file for a leak. */
const examples: Record<string, string> = {
  'a private key': ['-----BEGIN', 'RSA PRIVATE KEY-----'].join(' '),
  'a Stripe key': `sk_live_${'a1'.repeat(10)}`,
  'a Stripe webhook secret': `whsec_${'a1'.repeat(10)}`,
  'an API key': `sk-${'a1'.repeat(12)}`,
  'an AWS key': `AKIA${'A1'.repeat(8)}`,
  'a GitHub token': `ghp_${'a1'.repeat(16)}`,
  'a GitLab token': `glpat-${'a1'.repeat(10)}`,
  'a Google API key': `AIza${'a1'.repeat(18)}`,
  'a Slack token': `xoxb-${'1a'.repeat(8)}`,
  'a Hugging Face token': `hf_${'a1'.repeat(16)}`,
  'a JSON web token': `eyJ${'a1'.repeat(8)}.eyJ${'b2'.repeat(8)}.${'c3'.repeat(8)}`,
  'a Groq key': `gsk_${'a1'.repeat(12)}`,
  'an xAI key': `xai-${'a1'.repeat(12)}`,
  'a Replicate token': `r8_${'a1'.repeat(12)}`,
  'a key of FAL': `0a1b2c3d-0000-4000-8000-0123456789ab:${'a1'.repeat(16)}`,
  'a master key': `smk_${'a1'.repeat(16)}`,
  'a token of subctl': `subctl_${'a1'.repeat(22)}`,
};

it.each(Object.entries(examples))(
  '%s is known by its shape, and an error does not repeat it',
  (name, secret) => {
    expect(shapeOfSecret(secret)).toBe(name);
    const masked = withoutSecrets(`error: '${secret}' and ${secret} again`);
    expect(masked).toContain('****');
    for (const part of secret.split(/[.:]/).filter((one) => one.length > 12 && name !== 'a private key'))
      expect(masked).not.toContain(part);
  },
);

it('every shape that the database refuses is one here, but a password in an address, which is masked by itself', () => {
  const inSql = [...textOf('drizzle/engine/usage/secret_in.sql').matchAll(/^\s+\('([^']+)',/gm)].map(
    ([, name]) => name!,
  );
  const known = new Set(Object.keys(examples));
  expect(inSql.length).toBeGreaterThan(9);
  expect(
    [...inSql, 'a password in an address'].filter(
      (name) => !known.has(name) && name !== 'a password in an address',
    ),
  ).toEqual([]);
});

it.each([
  'openai',
  'sk-proj',
  'sk_live_…',
  'whsec_test',
  'subctl_superadmin',
  'mk_0123456789abcdef',
  'risk-averse-and-long-words-here',
])('%s is no secret', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});
