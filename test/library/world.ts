import { parseDatabaseUrl } from '../../src/database/address.ts';
import type { Connection } from '../../src/database/connect.ts';
import { openProxy, type Proxy } from '../support/proxy.ts';
import * as world from '../usage/world.ts';

/** Kinds, meters and the plan `pro`: five images a month, ten thousand tokens, everything else without end. */
export async function layWorld(sql: Connection): Promise<void> {
  await world.lay(sql);
  await world.plan(sql, 'pro', {
    limits: { images: { month: 5 }, tokens: { month: 10_000 }, calls: { month: null } },
  });
}

/** A customer of `pro` since the beginning of 2020. */
export async function person(sql: Connection, id: string): Promise<string> {
  await world.customer(sql, id);
  await world.subscribe(sql, id, 'pro', { at: '2020-01-01T00:00:00Z' });
  return id;
}

/** What is in the books of a customer: events, and what its windows count of calls. */
export async function booksOf(sql: Connection, who: string) {
  const [row] = await sql<[{ events: number; counted: string; keys: number; held: number }]>`
    select (select count(*)::int from subctl.usage_events where customer_id = ${who}) as events,
           (select count(*)::int from subctl.usage_keys where customer_id = ${who}) as keys,
           (select count(*)::int from subctl.reservations where customer_id = ${who} and status = 'held') as held,
           (select coalesce(sum(used), 0)::text from subctl.usage_limits(${who}, clock_timestamp()) where meter_id = 'calls') as counted`;
  return row;
}

/** A way to the database that can be cut, and its URL. */
export async function doorTo(url: string): Promise<{ proxy: Proxy; url: string }> {
  const { hosts, ports, user, password = '', database } = parseDatabaseUrl(url);
  const [host, port] = [hosts[0]!, ports[0]!];
  const proxy = await openProxy(host.startsWith('/') ? `${host}/.s.PGSQL.${port}` : port);
  const door = `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${proxy.port}/${database}?sslmode=disable`;
  return { proxy, url: door };
}
