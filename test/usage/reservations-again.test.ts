import { expect, test } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { hundredths, release, reserve, settle } from './holds.ts';

const { sql } = await testDatabase();
const noon = '2026-03-10T12:00:00Z';
const minutes = (n: number) => new Date(Date.parse(noon) + n * 60_000).toISOString();
const someone = hundredths(sql);

test('R15: settled twice it answers the same, with other amounts it is a conflict; so is a release of it', async () => {
  const who = await someone();
  const { reservation } = await reserve(sql, { customer: who, kind: 'llm', quantity: 2, as_of: noon });
  const first = await settle(sql, { customer: who, reservation, quantity: 3, as_of: minutes(1) });
  const again = await settle(sql, { customer: who, reservation, quantity: '3.0', as_of: minutes(9) });
  expect(again).toEqual({ ...first, replayed: true });
  await expect(settle(sql, { customer: who, reservation, quantity: 4, as_of: minutes(9) })).rejects.toThrow(
    'was settled with other amounts',
  );
  await expect(release(sql, { customer: who, reservation, as_of: minutes(9) })).rejects.toThrow(
    'was settled at',
  );
  const all = await Promise.all(
    Array.from({ length: 8 }, () =>
      settle(sql, { customer: who, reservation, quantity: 3, as_of: minutes(9) }),
    ),
  );
  expect(all.every(({ event_id }) => event_id === first.event_id)).toBe(true);
});

test('R15: a released one cannot be settled; released again it says the same; an unknown one is not found', async () => {
  const who = await someone();
  const { reservation } = await reserve(sql, { customer: who, kind: 'llm', as_of: noon });
  const first = await release(sql, { customer: who, reservation, as_of: minutes(1) });
  expect(first).toMatchObject({ status: 'released', ended_at: minutes(1), replayed: false });
  expect(await release(sql, { customer: who, reservation, as_of: minutes(2) })).toEqual({
    ...first,
    replayed: true,
  });
  await expect(settle(sql, { customer: who, reservation, as_of: minutes(2) })).rejects.toThrow(
    'was released at',
  );
  await expect(settle(sql, { customer: 'c0', reservation, as_of: noon })).rejects.toThrow(
    'There is no reservation',
  );
  const over = await reserve(sql, { customer: who, kind: 'llm', as_of: noon });
  expect(
    await release(sql, { customer: who, reservation: over.reservation, as_of: minutes(30) }),
  ).toMatchObject({
    status: 'expired',
    ended_at: minutes(15),
  });
});

test('R15: a key names one reservation, also for thirty at once; a refusal consumes none', async () => {
  const who = await someone();
  const asked = { customer: who, kind: 'llm', quantity: 40, key: 'call-1', as_of: noon };
  const all = await Promise.all(Array.from({ length: 30 }, () => reserve(sql, asked)));
  expect(new Set(all.map(({ reservation }) => reservation)).size).toBe(1);
  expect(all.filter(({ replayed }) => !replayed)).toHaveLength(1);
  await expect(reserve(sql, { ...asked, quantity: 41 })).rejects.toThrow('was used for another reservation');
  expect((await reserve(sql, { ...asked, quantity: 90, key: 'call-2' })).allowed).toBe(false);
  expect((await reserve(sql, { ...asked, quantity: 10, key: 'call-2' })).allowed).toBe(true);
});
