/** Shapes of secrets, as secret_in.sql has them; and those that only a shape of subctl's own has. */
const shapes: readonly (readonly [name: string, shape: RegExp])[] = [
  ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY/],
  ['a Stripe key', /(?<![A-Za-z0-9_])(sk|rk)_(live|test)_[A-Za-z0-9]{16,}/],
  ['a Stripe webhook secret', /(?<![A-Za-z0-9_])whsec_[A-Za-z0-9]{16,}/],
  ['an API key', /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20,}/],
  ['an AWS key', /(?<![A-Za-z0-9])(AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/],
  ['a GitHub token', /(?<![A-Za-z0-9_])(gh[opsru]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{30,})/],
  ['a GitLab token', /(?<![A-Za-z0-9_])glpat-[A-Za-z0-9_-]{20,}/],
  ['a Google API key', /(?<![A-Za-z0-9_-])AIza[A-Za-z0-9_-]{35,}/],
  ['a Slack token', /(?<![A-Za-z0-9_])xox[abprs]-[A-Za-z0-9-]{10,}/],
  ['a Hugging Face token', /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}/],
  ['a JSON web token', /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/],
  ['a Groq key', /(?<![A-Za-z0-9_])gsk_[A-Za-z0-9]{20,}/],
  ['an xAI key', /(?<![A-Za-z0-9_])xai-[A-Za-z0-9]{20,}/],
  ['a Replicate token', /(?<![A-Za-z0-9_])r8_[A-Za-z0-9]{20,}/],
  ['a key of FAL', /(?<![A-Za-z0-9-])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{20,}/],
  ['a master key', /(?<![A-Za-z0-9_])smk_[A-Za-z0-9_-]{20,}/],
  ['a token of subctl', /(?<![A-Za-z0-9_])subctl_[A-Za-z0-9_-]{40,}/],
];

/** What kind of secret a text holds by its shape; undefined for none. */
export function shapeOfSecret(text: string): string | undefined {
  return shapes.find(([, shape]) => shape.test(text))?.[0];
}

/** The text with every secret of a known shape as `****`: for errors, which may repeat what was typed. */
export function withoutSecrets(text: string): string {
  return shapes.reduce((masked, [, shape]) => masked.replace(new RegExp(shape, 'g'), '****'), text);
}
