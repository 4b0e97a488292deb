import { maskKey, maskPath, maskUrl } from './mask.ts';

/** A setting of the program: its names in the environment (the first that is set counts) and in subctl.yaml. */
export interface SettingSpec {
  /** in subctl.yaml and in `config show` */
  key: string;
  variables: readonly string[];
  about: string;
  choices?: readonly string[];
  /** a path: relative ones start at the folder of the file that names it, `~/` at the home folder */
  path?: boolean;
  /** never printed: `show` gives what may be seen of it, and `VARIABLE_FILE` names a file that holds it, unless `file` is false */
  secret?: { show: (value: string) => string; file?: false };
  /** never in subctl.yaml, which people commit */
  environmentOnly?: boolean;
}

/** Every setting there is. */
export const settingSpecs = [
  {
    key: 'database_url',
    variables: ['SUBCTL_DATABASE_URL', 'DATABASE_URL'],
    about: 'the PostgreSQL to use, postgres://user:password@host/database; without it the embedded one',
    secret: { show: maskUrl },
  },
  {
    key: 'database',
    variables: ['SUBCTL_DATABASE'],
    about: 'external or embedded: refuse to run on the other one',
    choices: ['external', 'embedded'],
  },
  {
    key: 'home',
    variables: ['SUBCTL_HOME'],
    about: 'the folder of the embedded database',
    path: true,
  },
  {
    key: 'pg_user',
    variables: ['SUBCTL_PG_USER'],
    about: 'the account that runs the embedded database when subctl runs as root',
  },
  {
    key: 'actor',
    variables: ['SUBCTL_ACTOR'],
    about: 'who acts, for the audit; the user of the system unless said',
  },
  {
    key: 'lease',
    variables: ['SUBCTL_LEASE'],
    about: 'how long a run of a task that says nothing keeps others from it, 1s to 1h; 2m unless said',
  },
  {
    key: 'huggingface_input_token_cost',
    variables: ['HUGGINGFACE_INPUT_TOKEN_COST'],
    about: 'USD for one input token of HuggingFace, taken over by setup',
  },
  {
    key: 'huggingface_output_token_cost',
    variables: ['HUGGINGFACE_OUTPUT_TOKEN_COST'],
    about: 'USD for one output token of HuggingFace, taken over by setup',
  },
  {
    key: 'stripe_secret_key',
    variables: ['STRIPE_SECRET_KEY'],
    about: 'the secret or restricted key of the Stripe account: sk_live_…, rk_live_…, sk_test_…',
    secret: { show: maskKey },
    environmentOnly: true,
  },
  {
    key: 'stripe_webhook_secret',
    variables: ['STRIPE_WEBHOOK_SECRET'],
    about: 'the signing secret of the webhook endpoint, whsec_…; several, with commas, while it is rotated',
    secret: { show: maskKey },
    environmentOnly: true,
  },
  {
    key: 'stripe_return_url',
    variables: ['STRIPE_RETURN_URL'],
    about: 'where Stripe sends customers back to, https://…',
  },
  {
    key: 'stripe_api_url',
    variables: ['STRIPE_API_URL'],
    about: 'where Stripe is, when it is not https://api.stripe.com (for tests)',
  },
  { key: 'smtp_host', variables: ['SMTP_HOST'], about: 'the mail server that notices leave by' },
  {
    key: 'smtp_port',
    variables: ['SMTP_PORT'],
    about: 'its port: 587 unless said; 465 is TLS from the start',
  },
  { key: 'smtp_user', variables: ['SMTP_USER'], about: 'the user of the mail server, if it wants one' },
  {
    key: 'smtp_password',
    variables: ['SMTP_PASSWORD'],
    about: 'the password of that user',
    secret: { show: () => '****' },
    environmentOnly: true,
  },
  {
    key: 'smtp_from',
    variables: ['SMTP_FROM'],
    about: 'who notices are from; the user unless said',
  },
  {
    key: 'notice_webhook_url',
    variables: ['SUBCTL_NOTICE_WEBHOOK_URL'],
    about: 'where notices are posted to, https://…',
    secret: { show: maskPath },
    environmentOnly: true,
  },
  {
    key: 'notice_webhook_secret',
    variables: ['SUBCTL_NOTICE_WEBHOOK_SECRET'],
    about: 'signs what is posted there, 16 letters or more',
    secret: { show: () => '****' },
    environmentOnly: true,
  },
  {
    key: 'notice_templates',
    variables: ['SUBCTL_NOTICE_TEMPLATES'],
    about: 'a folder with your own words for notices: limit.subject.txt, limit.txt, limit.html …',
    path: true,
  },
  {
    key: 'operator_email',
    variables: ['SUBCTL_OPERATOR_EMAIL'],
    about: 'who is told about the installation itself, such as keys that expire; several with commas',
  },
  {
    key: 'master_key',
    variables: ['SUBCTL_MASTER_KEY'],
    about:
      'encrypts the API keys of providers; several, with commas, while it is rotated: the first encrypts',
    secret: { show: () => '****', file: false },
    environmentOnly: true,
  },
  {
    key: 'master_key_file',
    variables: ['SUBCTL_MASTER_KEY_FILE'],
    about: 'the file of the master key, readable by its owner only; several keys, one a line',
    path: true,
  },
  {
    key: 'master_key_command',
    variables: ['SUBCTL_MASTER_KEY_COMMAND'],
    about: 'a program that prints the master key, such as the client of a KMS; run without a shell',
    secret: { show: (command) => `${command.trim().split(/\s+/)[0]} …`, file: false },
    environmentOnly: true,
  },
] as const satisfies readonly SettingSpec[];

export type SettingKey = (typeof settingSpecs)[number]['key'];
