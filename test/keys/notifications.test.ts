import { afterAll, expect, test } from 'vitest';
import { startMailServer } from '../support/mail-server.ts';
import { keyWorld, openaiKey } from './world.ts';

const { run, database } = await keyWorld();
const { sql } = database;
const mails = await startMailServer();
afterAll(() => mails.close());
const way = {
  SMTP_HOST: '127.0.0.1',
  SMTP_PORT: String(mails.port),
  SMTP_FROM: 'Billing <billing@example.com>',
};
const send = (asOf: string, env = {}) => run(`send-alerts --as-of ${asOf}`, '', env);
const queued = async () =>
  (
    await sql<{ kind: string; key: string }[]>`
    select kind, payload ->> 'key' as key from subctl.notifications where customer_id = '' order by created_at, id`
  ).map(({ kind, key }) => `${kind} ${key}`);

await run('keys set openai - --expires-at 2026-06-30 --as-of 2026-01-01', openaiKey);
await run('keys set fal - --expires-at 2027-01-01 --as-of 2026-01-01', openaiKey);
await run('keys set groq -', openaiKey);

test('the operator is told once before a key expires, and once when it has', async () => {
  await send('2026-06-15T23:59:59Z');
  expect(await queued()).toEqual([]);
  for (const asOf of ['2026-06-16T00:00:00Z', '2026-06-20', '2026-06-29T23:59:59Z']) await send(asOf);
  expect(await queued()).toEqual(['key_expiring openai']);
  for (const asOf of ['2026-06-30T00:00:00Z', '2026-07-20']) await send(asOf);
  expect(await queued()).toEqual(['key_expiring openai', 'key_expired openai']);
});

test('the mail goes to SUBCTL_OPERATOR_EMAIL and names the key, its provider and its last four characters', async () => {
  const done = await send('2026-08-01', {
    ...way,
    SUBCTL_OPERATOR_EMAIL: 'ops@example.com, dev@example.com',
  });
  expect(done).toMatchObject({ code: 0 });
  const texts = mails.mails.map((mail) => JSON.stringify(mail));
  expect(texts).toHaveLength(2);
  for (const text of texts) {
    expect(text).toContain('ops@example.com');
    expect(text).toContain('dev@example.com');
    expect(text).toContain('NTED');
    expect(text).not.toContain('PLANTED');
  }
});

test('a key with another end is told again; without an operator the notice waits, and says why', async () => {
  await run('keys set openai - --expires-at 2026-12-01 --as-of 2026-08-02', openaiKey);
  await send('2026-11-20', way);
  expect((await queued()).filter((one) => one === 'key_expiring openai')).toHaveLength(2);
  const [row] = await sql<{ error: string; waits: boolean }[]>`
    select last_error as error, dead_at is null and sent_at is null as waits from subctl.notifications where last_error is not null`;
  expect(row).toEqual({
    error: 'SUBCTL_OPERATOR_EMAIL is not set, so there is no address to send this to',
    waits: true,
  });
  expect((await send('2026-11-21', { ...way, SUBCTL_OPERATOR_EMAIL: 'nobody' })).code).toBe(5);
});

test('the setting says how many days before; the books stay clean', async () => {
  await run('config set key_expiring_notice_days 60');
  await send('2026-11-15');
  expect(await queued()).toContain('key_expiring fal');
  const doctor = await run('doctor --deep --json --as-of 2026-03-01');
  const lines = JSON.parse(doctor.stdout) as { check: string; state: string }[];
  expect(lines.filter(({ check, state }) => /orphans|keys|master key/.test(check) && state !== 'ok')).toEqual(
    [],
  );
});
