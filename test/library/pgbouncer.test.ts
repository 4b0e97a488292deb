import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, subctl } from '../../src/library/subctl.ts';
import { testDatabase } from '../support/database.ts';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { booksOf, layWorld, person } from './world.ts';

const { url, sql } = await testDatabase();

describe.skipIf(!hasPgBouncer)('DESIGN §12: behind PgBouncer in transaction mode', () => {
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>;
  let client: Client;

  beforeAll(async () => {
    await layWorld(sql);
    bouncer = await startPgBouncer(url);
    client = subctl({ url: bouncer.url, connections: 6, batch: { size: 10, milliseconds: 2 }, cache: true });
  });
  afterAll(async () => {
    await client.close();
    await bouncer.stop();
  });

  it('more connections than there are servers record, hold and look up at once', async () => {
    const who = await person(sql, 'ada');
    const records = Array.from({ length: 100 }, () =>
      client.record({ customer: who, kind: 'llm', inputTokens: 10 }),
    );
    const holds = Array.from({ length: 12 }, async () => {
      const held = await client.hold({ customer: who, kind: 'llm', inputTokens: 50 });
      await held.settle({ inputTokens: 5, outputTokens: 5 });
    });
    const looks = Array.from({ length: 12 }, () => client.usage(who));
    await Promise.all([...records, ...holds, ...looks, client.plan(who)]);
    expect(await booksOf(sql, who)).toMatchObject({ events: 112, counted: '112', held: 0 });
  });
});
