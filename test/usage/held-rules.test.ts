import { beforeAll, expect, test } from 'vitest';
import { Dice } from '../simulator/dice.ts';
import { testDatabase } from '../support/database.ts';
import { nothingKept, templatesBack, withoutRules } from './side-by-side.ts';
import { customer, lay, plan, subscribe } from './world.ts';

const { sql } = await testDatabase();

beforeAll(async () => {
  await lay(sql, undefined, { image: '2' });
  for (const [component, amount] of [
    ['input_tokens', '2.5'],
    ['output_tokens', '10'],
  ] as const)
    await sql`
      insert into subctl.prices (provider, model, component, effective_from, unit, amount, per, source, recorded_at)
      values ('openai', 'large', ${component}, '2020-01-01', 'token', ${amount}, 1000000, 'test', '2026-01-01')`;
  await sql`select subctl_internal.compile_prices()`;
  await plan(sql, 'basic', {
    limits: {
      messages: { month: 200, day: 16 },
      tokens: { month: 900_000, day: null },
      cost_usd: { period: 4 },
    },
    credits: '60',
  });
});

type Answer = Record<string, unknown> & { allowed?: boolean; reservation?: string };

/** What a function answers, without what two customers cannot have in common; of an error its code. */
async function told(
  who: string,
  name: string,
  given: Record<string, string | number | Date | undefined>,
): Promise<Answer> {
  const types: Record<string, string> = { as_of: 'timestamptz', reservation: 'uuid', hold: 'interval' };
  const list = Object.entries<string | number | Date | undefined>({ customer: who, ...given }).filter(
    ([, value]) => value !== undefined,
  );
  const args = list.map(
    ([key], i) =>
      `${key} => $${i + 1}::text::${types[key] ?? (/tokens|quantity/.test(key) ? 'numeric' : 'text')}`,
  );
  try {
    const rows = await sql.unsafe(
      `select subctl.${name}(${args.join(', ')}) as answer`,
      list.map(([, value]) => (value instanceof Date ? value.toISOString() : String(value))),
    );
    return rows[0]!['answer'] as Answer;
  } catch (error) {
    return { code: (error as { code?: string }).code };
  }
}
const plainly = ({ event_id: _, reservation: __, ...answer }: Answer) =>
  JSON.parse(JSON.stringify(answer).replaceAll(/(kept|anew)-(\d+)/g, '$2')) as unknown;

test('R12 R16 R18: reservations that follow kept rules are held, settled and released as those that are decided', async () => {
  const dice = new Dice(20_261_202);
  let followed = 0;
  for (let life = 1; life <= (process.env['SUBCTL_LONG'] ? 60 : 6); life += 1) {
    const both = [`kept-${life}`, `anew-${life}`] as const;
    for (const who of both)
      await subscribe(sql, await customer(sql, who), 'basic', { at: '2026-03-01T00:00:00Z' });
    let at = Date.parse('2026-03-02T00:00:00Z');
    const open: [string, string][] = [];
    for (let step = 0; step < 70; step += 1) {
      at +=
        dice.weigh([
          [6, 1],
          [6, 60],
          [3, 500],
          [1, 20 * 3_600],
        ] as const) * 1000;
      const as_of = new Date(at);
      const kind = dice.pick(['llm', 'llm', 'llm', 'llm', 'image', 'file']);
      const use = {
        kind,
        as_of,
        quantity: dice.pick([1, 3, 5, '0.5']),
        session: dice.chance(0.2) ? 's' : undefined,
        ...(kind === 'llm' && {
          provider: 'openai',
          model: dice.chance(0.1) ? 'unknown' : 'large',
          input_tokens: dice.pick([10, 4_000, 90_000]),
          output_tokens: dice.pick([77, 3_000]),
        }),
      };
      const which = open.length > 0 ? dice.whole(0, open.length - 1) : -1;
      const deed = dice.weigh([
        [8, 'reserve_usage'],
        [4, 'settle_usage'],
        [1, 'release_usage'],
        [3, 'record_usage'],
      ] as const);
      if (which < 0 && (deed === 'settle_usage' || deed === 'release_usage')) continue;
      const actual = dice.chance(0.8)
        ? { input_tokens: dice.pick([5, 2_000, 80_000]), output_tokens: 50 }
        : {};
      const hold = dice.pick(['15 minutes', '1 minute', '2 hours', '30 hours']);
      const key = dice.chance(0.2) ? `k${dice.whole(1, 9)}` : undefined;
      const answers: Answer[] = [];
      if (dice.chance(0.3)) await withoutRules(sql, both[0]);
      for (const [i, who] of both.entries()) {
        if (i === 1) await nothingKept(sql, who);
        else
          followed += (
            await sql`
              select from subctl.customer_priced_rules where customer_id = ${who} and live_until > ${as_of}`
          ).length;
        const reservation = open[which]?.[i];
        answers.push(
          deed === 'reserve_usage'
            ? await told(who, deed, { ...use, hold, key })
            : deed === 'settle_usage'
              ? await told(who, deed, { reservation, as_of, ...actual })
              : deed === 'release_usage'
                ? await told(who, deed, { reservation, as_of })
                : await told(who, deed, { ...use, key }),
        );
      }
      await templatesBack(sql);
      expect(plainly(answers[0]!), `life ${life}, step ${step}: ${deed}`).toEqual(plainly(answers[1]!));
      if (deed === 'reserve_usage' && answers[0]!.allowed && !answers[0]!['replayed'])
        open.push([answers[0]!.reservation!, answers[1]!.reservation!]);
    }
    const rows = (who: string) => sql`
      select (select jsonb_agg(jsonb_build_array(e.at, e.kind, e.quantity, e.tokens, e.cost, e.already_spent, e.result[4:]) order by e.at, e.recorded_at, e.kind, e.quantity, e.cost)
                from subctl.usage_events e where e.customer_id = ${who}) as events,
             (select jsonb_agg(jsonb_build_array(r.at, r.expires_at, r.status, r.ended_at, r.held, r.asked, r.settled) order by r.at, r.asked) from subctl.reservations r where r.customer_id = ${who}) as reservations,
             (select held_until from subctl.usage_totals where customer_id = ${who}) as held_until,
             (select jsonb_agg(to_jsonb(w) - 'customer_id' order by w.meter_id, w."window", w.window_start) from subctl.window_usage w where w.customer_id = ${who}) as windows`;
    expect(await rows(both[0])).toEqual(await rows(both[1]));
  }
  expect(followed).toBeGreaterThan(100);
});
