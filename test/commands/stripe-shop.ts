import { startStripe } from '../stripe-server/start.ts';
import { subctl } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { addOne, loadLadder } from '../support/plans.ts';

/** A shop with the ladder of plans and five customers, its Stripe, and somebody who types commands at the time of both. */
export async function openShop() {
  const { sql, env: bare } = await testDatabase();
  const { world, faults, env: keys } = await startStripe('2026-03-01T10:00:00Z');
  const env = { ...bare, ...keys };
  await loadLadder(sql);
  for (const id of ['gus', 'hal', 'ida', 'jon', 'kim']) await addOne(sql, { id });
  const type = async (line: string, more: Record<string, string> = {}) => {
    const isTimeless = /^(stripe (portal|disputes)|plans)/.test(line);
    const asOf = isTimeless ? [] : ['--as-of', new Date(world.now * 1000).toISOString()];
    return subctl([...line.split(' '), ...asOf], { env: { ...env, ...more } });
  };
  const json = async (line: string) => {
    const { stdout, stderr } = await type(`${line} --json`);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown> & Record<string, unknown>[];
  };
  return { sql, env, keys, world, faults, type, json };
}
