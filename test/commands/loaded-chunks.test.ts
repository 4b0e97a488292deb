import { describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { chunksLoadedBy } from '../support/loaded-chunks.ts';

const { sql, env } = await testDatabase();
await sql`insert into subctl.customers (id, created_at) values ('ada', '2026-01-01T00:00:00Z')`;

/** What drizzle's classes carry, whatever the bundler calls their files. */
const builderLoadedBy = async (line: string) =>
  (await chunksLoadedBy(line.split(' '), env)).some(({ text }) => text.includes('drizzle:entityKind'));

describe('the built program', () => {
  it.each([
    'plans list',
    'customers show ada',
    'usage record ada llm_call',
    'discounts list',
    'pricing list',
  ])('%s does not load the builder of rows', async (line) => expect(await builderLoadedBy(line)).toBe(false));

  it('keys remove does', async () => expect(await builderLoadedBy('keys remove openai')).toBe(true));
});
